/** The one name of PeerJS that is used: a chunk with all that it exports would be larger. */
export { Peer } from 'peerjs';
