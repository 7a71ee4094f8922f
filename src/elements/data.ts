import { property } from 'lit/decorators.js';

/** A property that no attribute sets: what an element is given to show. */
export const data = property({ attribute: false });
