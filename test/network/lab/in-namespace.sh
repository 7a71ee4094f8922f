#!/bin/sh
# Stands in for a browser's program (playwright's executablePath): starts it in the network namespace $LAB_NAMESPACE.
exec ip netns exec "$LAB_NAMESPACE" "$LAB_BROWSER" "$@"
