#!/usr/bin/env bash
# Builds everything and runs all tests.
#   ./test.sh [OPTION...]   handed on to ctest: -R storage, --rerun-failed
# VL_PRESET chooses another preset than dev: asan, tsan, release, ci.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
preset=${VL_PRESET:-dev}

.ci/setup
.ci/build "$preset"
exec ctest --preset "$preset" --parallel "$(nproc)" "$@"
