# Sourced by bin/demo and bin/test: sets `python` to a Python 3.11+ that can make virtual environments, or says in one
# sentence which command mends the machine, and ends.
find_python() {
    local candidate found=""
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        found="$candidate"
        if "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
            python="$candidate"
            return 0
        fi
    done
    if [ -n "$found" ]; then
        echo "缺少 Python 的 venv 模块，请运行：sudo apt-get install python3-venv  (Python's venv module is missing.)" >&2
    else
        echo "需要 Python 3.11 或更新版本，请运行：sudo apt-get install python3 python3-venv  (Python 3.11 or newer is needed.)" >&2
    fi
    return 1
}
