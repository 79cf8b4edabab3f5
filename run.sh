#!/usr/bin/env bash
# Builds VL2 Desk and starts it with the bundled model. Where there is no display, the command line
# program answers a question about a sample picture instead.
#   ./run.sh [OPTION...] [IMAGE...]   handed on to vl2-desk
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
model=$root/resources/models/starter

"$root/.ci/setup"
"$root/.ci/build" release vl2 vl2-desk >&2

# QT_QPA_PLATFORM names a display that neither of the two variables knows.
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-} ]]; then
  exec "$root/build/release/bin/vl2-desk" --model "$model" "$@"
fi

echo "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so there is no window." >&2
echo "The command line program answers a question about a sample picture:" >&2
samples=("$root"/resources/samples/*.png)
question="Describe this image."
echo "  vl2 ask --image ${samples[0]#"$root/"} \"$question\"" >&2
exec "$root/build/release/bin/vl2" ask --model "$model" --image "${samples[0]}" "$question"
