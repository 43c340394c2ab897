#!/usr/bin/env bash
# Where ClusterFuzzLite looks for it.
exec "$SRC/freethreading/fuzz/build.sh"
