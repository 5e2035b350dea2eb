/// Completion scripts for shells. Each runs `sagatop complete WORD...` to get the possible words at the cursor.
enum CompletionScript {
  enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish
  }

  static func text(_ shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  private static let bash = #"""
    _sagatop() {
      local line=${COMP_LINE:0:COMP_POINT} answer code current breaks cut=
      local -a words
      read -ra words <<<"$line"
      [[ $line == *[[:space:]] ]] && words+=("")
      current=${words[-1]}
      answer=$("${1/#\~/$HOME}" complete "${words[@]:1}" 2>/dev/null)
      code=$?
      COMPREPLY=()
      if ((code == \#(Completion.files))); then
        compopt -o default 2>/dev/null
        return
      fi
      # readline replaces only what follows the last of these.
      breaks=${COMP_WORDBREAKS//[^:=]/}
      [[ -n $breaks ]] && cut=${current%"${current##*[$breaks]}"}
      while IFS= read -r line; do
        line=${line%%$'\t'*}
        [[ -n $line ]] && COMPREPLY+=("${line#"$cut"}")
      done <<<"$answer"
    }
    complete -F _sagatop sagatop

    """#

  private static let zsh = #"""
    #compdef sagatop
    _sagatop() {
      local answer line
      local -i code
      local -a values texts
      answer=$("${(Q)words[1]/#\~/$HOME}" complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
      code=$?
      if ((code == \#(Completion.files))); then
        compset -P '*='
        _files
        return
      fi
      for line in "${(@f)answer}"; do
        [[ -n $line ]] || continue
        values+=("${line%%$'\t'*}")
        texts+=("${line/$'\t'/  -- }")
      done
      # The words match already. A word with such an end is not complete, so no space follows it.
      if [[ ${values[1]} == *[=:\[] ]]; then
        compadd -U -S '' -l -d texts -a values
      else
        compadd -U -l -d texts -a values
      fi
    }
    if [[ $funcstack[1] == _sagatop ]]; then _sagatop "$@"; else compdef _sagatop sagatop; fi

    """#

  private static let fish = #"""
    function __sagatop_complete
      set -l words (commandline -opc)
      set -l current (commandline -ct)
      set -l lines (command $words[1] complete $words[2..] "$current" 2>/dev/null)
      if test $status -eq \#(Completion.files)
        __fish_complete_path (string replace -r '^--[a-z-]+=' '' -- "$current")
      else
        printf '%s\n' $lines
      end
    end
    complete -c sagatop -f -a '(__sagatop_complete)'

    """#
}
