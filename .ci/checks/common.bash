# Read by the checks beside it. Each check takes the folder to look at as its argument; without one, this repository.
# A check prints one line when all is well; otherwise a line `file:line: what is wrong` for each place, and exits 1.

set -euo pipefail
cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/../..}"

# Swift files below the folders given that exist, one a line.
swift_files() {
    local folder existing=()
    for folder in "$@"; do
        [[ ! -d $folder ]] || existing+=("$folder")
    done
    ((${#existing[@]} == 0)) || find "${existing[@]}" -name '.build*' -prune -o -name '*.swift' -type f -print | LC_ALL=C sort
}

# Every file that is, or is about to be, in the repository.
all_files() {
    # safe.directory: the files may belong to another user than the one who checks them.
    if [[ -e .git ]] && git -c safe.directory='*' rev-parse --git-dir >/dev/null 2>&1; then
        git -c safe.directory='*' ls-files --cached --others --exclude-standard | while IFS= read -r path; do
            [[ ! -f $path ]] || printf '%s\n' "$path"
        done
    else
        find . -name '.build*' -prune -o -name '.venv' -prune -o -name .git -prune -o -type f -print | sed 's|^\./||'
    fi | LC_ALL=C sort
}

# Reads `file:line: what is wrong` lines; reports them, or says that all is well.
conclude() {
    local claim=$1 findings
    findings=$(cat)
    if [[ -n $findings ]]; then
        printf '%s\n' "$findings" >&2
        printf 'Broken: %s.\n' "$claim" >&2
        exit 1
    fi
    printf '%s.\n' "${claim^}"
}
