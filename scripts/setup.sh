#!/bin/sh
# Makes .venv able to run the hall (`setup.sh run`) or to test it (`setup.sh test`), and installs the system packages
# for it where it may. Asks nothing; when nothing has changed it only looks, which takes a moment.
set -eu
cd "$(dirname "$0")/.."

level=${1:-run}
venv=.venv
say() { printf 'setup: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- Python -------------------------------------------------------------------------------------------------------
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    say "Python 3.11 or newer is missing: nothing works without it"
    exit 1
}

# --- system packages: each is found by what it brings, so that other sources of the same thing count too ----------
has_chinese_font() {
    fc-list :lang=zh family 2>/dev/null | grep -qv Unifont || ls /usr/share/fonts/*/*/*CJK* >/dev/null 2>&1
}

has_library() { ls /usr/lib/*/lib"$1".so.0 /lib/*/lib"$1".so.0 >/dev/null 2>&1; }

list_missing() {  # one line each: package|what does not work without it
    have espeak-ng || echo "espeak-ng|no call is spoken"
    have aplay || echo "alsa-utils|no loudspeaker on a sound card"
    has_chinese_font || echo "fonts-noto-cjk|Chinese shows as boxes on this machine"
    has_library pangoft2-1.0 && has_library harfbuzz-subset ||
        echo "libpangoft2-1.0-0 libharfbuzz-subset0|bulletins are not printed as PDF"
    ls /usr/share/fonts/*/unifont* >/dev/null 2>&1 || echo "fonts-unifont|the virtual hall's strips have no dot font"
    [ "$level" = run ] && return
    have chromium || echo "chromium|the browser tests fail"
    ls /usr/lib/*/libatomic.so.1 /lib/*/libatomic.so.1 >/dev/null 2>&1 || echo "libatomic1|the browser tests fail"
    have strace || echo "strace|the test that traces the disk's order fails"
}

names_of() { echo "$1" | cut -d'|' -f1 | paste -sd' '; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    have apt-get && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 "$@"
}

apt_install() {  # all at once; where that fails, one by one with fresh lists, so that one unknown name spoils no other
    say "installing $*"
    log=$(mktemp)
    {
        apt_get install --no-install-recommends "$@" || {
            apt_get update
            for package; do apt_get install --no-install-recommends "$package"; done
        }
    } </dev/null >"$log" 2>&1 || grep '^E:' "$log" | tail -n 2 >&2
    rm -f "$log"
}

install_system_packages() {
    missing=$(list_missing)
    if [ -n "$missing" ] && may_install; then
        # shellcheck disable=SC2046  # one word for each package
        apt_install $(names_of "$missing")
        missing=$(list_missing)
    fi
    [ -z "$missing" ] || say "missing: $(echo "$missing" | sed 's/|/ (/; s/$/)/' | paste -sd, | sed 's/,/, /g')." \
        "To add: apt-get install $(names_of "$missing")"
}

# --- the virtual environment: Debian's Python comes without ensurepip, and often without pip ----------------------
venv_works() { new_enough "$venv/bin/python" && "$venv/bin/python" -c 'import pip' 2>/dev/null; }

make_venv() {
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null && may_install; then
        apt_install python3-venv
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 || make_venv_without_ensurepip
}

make_venv_without_ensurepip() {
    rm -rf "$venv"
    "$python" -m venv --without-pip "$venv"
    if "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check pip
    elif ! pip_from_debian; then
        rm -rf "$venv"
        say "pip is missing: nothing can be installed; an administrator can add it with apt-get install python3-venv"
        exit 1
    fi
}

pip_from_debian() {  # Debian's own pip wheel, fetched and unpacked without any right but to write here
    have apt-get || return 1
    mkdir -p "$venv/apt/lists/partial" "$venv/apt/cache/archives/partial"
    (
        cd "$venv/apt"
        apt="apt-get -q -o Dir::State::Lists=$PWD/lists -o Dir::Cache=$PWD/cache"
        { $apt update && $apt download python3-pip-whl; } </dev/null >log 2>&1 && dpkg-deb -x python3-pip-whl_*.deb .
    ) || return 1
    wheel=$(ls "$venv"/apt/usr/share/python-wheels/pip-*.whl)
    "$venv/bin/python" "$wheel/pip" install --quiet --no-index --no-deps "$wheel" && rm -rf "$venv/apt"
}

# --- the locked packages, then the project itself -----------------------------------------------------------------
install_packages() {
    lock=requirements.lock
    [ "$level" = run ] || lock=requirements-dev.lock
    say "installing $lock into $venv, half a minute or so"
    pip="$venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-warn-script-location"
    $pip --require-hashes -r "$lock"
    $pip --no-deps --no-build-isolation --no-index --editable .
}

install_system_packages
venv_works || make_venv

wanted=$({ pwd; cat pyproject.toml requirements*.lock scripts/setup.sh; } | sha256sum)
stamp="$venv/setup-$level"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    install_packages
    echo "$wanted" >"$stamp"
    [ "$level" = run ] || echo "$wanted" >"$venv/setup-run"
fi
