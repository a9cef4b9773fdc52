#!/bin/sh
# Draws the pictures of docs/devices anew from the simulators' own state: slips, strips, devices of the virtual hall; the
# papers on A4 of docs/papers.md; and writes the table of what is said. Needs Unifont and chromium.
set -e
cd "$(dirname "$0")/.."
for what in tests.displays.draw_slips tests.displays.draw_papers tests.displays.draw_strips tests.browser.draw_hall tests.browser.draw_a4 tests.displays.spoken; do
  .venv/bin/python -m "$what"
done
