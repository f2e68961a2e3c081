"""Long: releases of HR Helper that are good, and bad in one way each, under `make scenarios`."""
