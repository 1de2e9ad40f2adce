# graft completion bash > /etc/bash_completion.d/graft
# The table below has a line for each verb and each of its options: VERB|NAME|KIND|VALUES|HELP.
_graft_offer() {  # a kind, and the values that it offers
  local IFS=$' \n' listed=
  case $1 in
    list)  # behind the last comma
      case $word in *,*) listed=${word%,*}, ;; esac
      COMPREPLY=($(compgen -P "$listed" -W "$2" -- "${word##*,}"))
      compopt -o nospace 2>/dev/null
      return 0 ;;
  esac
  COMPREPLY=($(compgen -W "$2" -- "$word"))
  IFS=$'\n'
  case $1 in
    files) COMPREPLY+=($(compgen -f -- "$word")) ;;
    folders) COMPREPLY+=($(compgen -d -- "$word")) ;;
    *) return 0 ;;
  esac
  compopt -o filenames 2>/dev/null
  return 0
}
_graft() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} of=${COMP_WORDS[1]}
  local verb name kind values help names= argument= arguments=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    of= before=
  elif [ "$word" = = ]; then  # --option=value comes in three words
    word=
  elif [ "$before" = = ]; then
    before=${COMP_WORDS[COMP_CWORD-2]}
  fi
  while IFS='|' read -r verb name kind values help; do
    [ "$verb" = "$of" ] || continue
    if [ -z "$name" ]; then
      argument=$kind arguments=$values
    elif [ "$name" = "$before" ] && [ "$kind" != switch ]; then
      _graft_offer "$kind" "$values"
      return
    else
      names="$names $name"
    fi
  done <<'TABLE'
{{table}}TABLE
  case $of:$word in
    :* | *:-*) _graft_offer names "$names" ;;
    *) _graft_offer "$argument" "$arguments" ;;
  esac
}
complete -F _graft graft
