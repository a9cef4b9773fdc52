#!/bin/sh
# Writes requirements.lock (what runs, and the build backend), requirements-dev.lock (that and the tests' tools) and
# requirements-voice.lock (that and what makes a voice of clips):
# every file's hash, for every Python from 3.11, and no address: where packages come from is the machine's business.
set -eu
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv

compile() {
    out=$1
    shift
    rm -f "$out"
    echo "hatchling" | "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command "make lock" "$@" pyproject.toml - --output-file "$out" >/dev/null
    # every line would carry the one platform that we resolve for
    sed -i "s/ ; sys_platform == 'linux' / /; s/ and sys_platform == 'linux' / /" "$out"
}

compile requirements.lock
compile requirements-dev.lock --extra dev
compile requirements-voice.lock --extra voice
