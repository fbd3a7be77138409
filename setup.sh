#!/bin/sh
# Makes .venv with everything that copydesk needs, from the lock files. Safe to run again at any time:
# it does nothing when all is in place, and completes or rebuilds a .venv that is half-made or out of date.
#
#   sh setup.sh          what it takes to run copydesk
#   sh setup.sh dev      the tools of the tests as well
#
# PYTHON=/path/to/python3 names the interpreter; otherwise the newest fitting one on PATH is taken.
# Needs no root, no make, no Docker and no Redis.
set -eu

oldest=3.11
newest=3.13
venv=.venv
stamp=$venv/setup-finished      # what this .venv was made from; absent while it is being made
unfinished=$venv/setup-running  # process that is making it, or was when it died

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

mode=${1:-run}
case $mode in
    run | dev) ;;
    *) fail "'$mode' is not known. Use: sh setup.sh  or  sh setup.sh dev" ;;
esac

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cd -- "$here"
# What would lead pip or Python away from .venv.
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# ---------------------------------------------------------------- is everything in place already?

fits() {  # fits 3.12: between oldest and newest?
    case $1 in 3.11 | 3.12 | 3.13) return 0 ;; *) return 1 ;; esac
}

made_from() {  # the locks, the project file, the place and the interpreter: a change of any asks for new work
    cat requirements.lock requirements-build.lock requirements-dev.lock pyproject.toml setup.sh | cksum
    printf '%s\n' "$here"
    interpreter "$venv/bin/python"
}

interpreter() { "$1" -c 'import sys; print(sys.version.split()[0], sys.base_prefix)' 2>/dev/null; }

as_asked() {  # PYTHON, if given, is the one that .venv stands on
    [ -z "${PYTHON:-}" ] || [ "$(interpreter "$venv/bin/python")" = "$(interpreter "$PYTHON")" ]
}

in_place() {
    [ -f "$stamp" ] && [ ! -e "$unfinished" ] && [ -x "$venv/bin/copydesk" ] || return 1
    now=$(made_from) || return 1
    [ "$(sed 1d "$stamp")" = "$now" ] && as_asked || return 1
    [ "$mode" = run ] || [ "$(sed q "$stamp")" = dev ]
}

# Another set-up may be at work in the same folder (`make run` and `make test` at once): wait for it.
other_at_work() {
    [ -f "$unfinished" ] || return 1
    pid=$(cat "$unfinished" 2>/dev/null) || return 1
    case $pid in '' | *[!0-9]*) return 1 ;; esac
    [ "$pid" != $$ ] && kill -0 "$pid" 2>/dev/null || return 1
    # A number that was given out again is not ours.
    { cat "/proc/$pid/cmdline" || ps -p "$pid" -o args=; } 2>/dev/null | grep -q setup.sh
}

if other_at_work; then
    say "another set-up (process $pid) is at work in $venv; waiting for it"
    while other_at_work; do sleep 1; done
fi
if in_place; then
    say "$venv is up to date"
    exit 0
fi

# ------------------------------------------------------------------------- which Python, and can it?

# Prints "3.11 venv ensurepip pip virtualenv": the version, then those modules that are there.
probe='
import sys
words = ["%d.%d" % sys.version_info[:2]]
for name in ("venv", "ensurepip", "pip", "virtualenv"):
    try:
        __import__(name)
        words.append(name)
    except Exception:
        pass
print(" ".join(words))
'

python='' version='' way=''
lame='' lame_version=''  # a fitting Python that cannot make a virtual environment
unfit=''                 # Pythons of other versions, for the message

consider() {  # sets python, version and way when interpreter $1 will do
    path=$(command -v "$1" 2>/dev/null) || return 1
    found=$("$path" -c "$probe" 2>/dev/null) || return 1
    number=${found%% *}
    if ! fits "$number"; then
        unfit="$unfit $path ($number)"
        return 1
    fi
    case " $found " in
        *' venv ensurepip '*) way=venv ;;
        *' virtualenv '*) way=virtualenv-module ;;
        *)
            if command -v virtualenv >/dev/null 2>&1; then way=virtualenv-command
            elif command -v uv >/dev/null 2>&1; then way=uv
            else
                case " $found " in
                    *' venv pip '*) way=venv-without-pip ;;
                    *)
                        if [ -z "$lame" ]; then lame=$path lame_version=$number; fi
                        return 1
                        ;;
                esac
            fi
            ;;
    esac
    python=$path version=$number
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        consider "$PYTHON" && return
        [ -n "$lame$unfit" ] || fail "PYTHON=$PYTHON: there is no such interpreter, or it does not start."
    else
        # First one that has everything; else one that gets there by a detour.
        detour_python='' detour_version='' detour_way=''
        for name in python3.13 python3.12 python3.11 python3 python; do
            consider "$name" || continue
            [ "$way" != venv ] || return 0
            if [ -z "$detour_python" ]; then
                detour_python=$python detour_version=$version detour_way=$way
            fi
        done
        python=$detour_python version=$detour_version way=$detour_way
        [ -z "$python" ] || return 0
    fi
    if [ -n "$lame" ]; then
        fail "Python $lame_version ($lame) is here, but it lacks the module venv or ensurepip." \
            "On Debian and Ubuntu:  sudo apt install python$lame_version-venv" \
            "Without root:          have virtualenv or uv on PATH, or name another Python:  PYTHON=... sh setup.sh" \
            "Then run this again."
    fi
    [ -z "$unfit" ] || fail "copydesk needs Python $oldest to $newest. Found only:$unfit" \
        "Install one (Debian 12, Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13)," \
        "or name one:  PYTHON=/path/to/python3.12 sh setup.sh"
    fail "There is no Python on PATH. copydesk needs Python $oldest to $newest." \
        "Debian 12, Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13"
}

make_venv() {
    say "making $venv with Python $version ($python)"
    case $way in
        venv) "$python" -m venv "$venv" ;;
        virtualenv-module) "$python" -m virtualenv -q -p "$python" "$venv" ;;
        virtualenv-command) virtualenv -q -p "$python" "$venv" ;;
        uv) uv venv -q --seed --allow-existing --python "$python" "$venv" ;;
        venv-without-pip)
            "$python" -m venv --without-pip "$venv" &&
                "$python" -m pip -qq --python "$venv/bin/python" install pip
            ;;
    esac || fail "$python could not make $venv (tried: $way); its message stands above." \
        "On Debian and Ubuntu:  sudo apt install python$version-venv"
}

# --------------------------------------------------------------------------------------- do the work

usable() {  # a finished .venv, or somebody's own, whose Python fits and has pip
    [ ! -e "$unfinished" ] && [ -x "$venv/bin/python" ] || return 1
    number=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || return 1
    fits "$number" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && as_asked || return 1
    [ ! -f "$stamp" ] || [ "$(sed -n 3p "$stamp")" = "$here" ]  # scripts of a moved .venv point nowhere
}

pip() {  # quiet when it works; when it does not, all that it said, and .venv as it was before
    if ! "$venv/bin/python" -m pip "$@" >"$unfinished.log" 2>&1; then
        tail -n 40 "$unfinished.log" >&2
        if [ "$updating" = yes ]; then
            if [ -f "$stamp.before" ]; then mv "$stamp.before" "$stamp"; fi
            rm -f "$unfinished"
        fi
        return 1
    fi
}

if usable; then
    say "bringing $venv up to date"
    updating=yes
    echo $$ >"$unfinished"
    if [ -f "$stamp" ]; then mv "$stamp" "$stamp.before"; fi
else
    updating=no
    find_python
    if [ -e "$venv" ] || [ -L "$venv" ]; then
        say "$venv is half-made, moved or of another Python: making it anew"
        rm -rf "$venv"
    fi
    mkdir "$venv"
    echo $$ >"$unfinished"
    make_venv
fi

case $mode in
    run) set -- -r requirements.lock -r requirements-build.lock ;;
    dev) set -- -r requirements-dev.lock -r requirements-build.lock ;;
esac
count=$(grep -c '^[a-z0-9].*==' "$2")
say "installing $count packages at the versions and hashes of $2 (the first time takes a minute or two)"
if ! pip install -q --require-hashes "$@"; then
    fail "pip could not install the packages; its message stands above." \
        "Is PyPI, or your mirror (pip config set global.index-url URL), reachable, and 1 GB of disk free?" \
        "Run this again to try again: what was downloaded is kept in pip's cache."
fi
say "installing copydesk itself"
pip install -q --no-deps --no-build-isolation -e . || fail "copydesk itself could not be installed; see above."
pip check ||
    fail "The packages contradict one another. If pyproject.toml was changed, bring the locks along: make lock"

{ echo "$mode"; made_from; } >"$unfinished.stamp"
mv "$unfinished.stamp" "$stamp"
rm -f "$unfinished" "$unfinished.log" "$stamp.before"
say "done. Next:  $venv/bin/copydesk run seeds/"
