# graft completion fish > ~/.config/fish/completions/graft.fish
# The table has a line for each verb and each of its options: VERB|NAME|KIND|VALUES|HELP.
set -g __graft_table (string split \n '{{table}}')
function __graft_offer  # what stands before the word, a kind, and the values that it offers
  set -l word (string replace -- $argv[1] '' (commandline -ct))
  for value in (string split -n ' ' $argv[3])
    echo $argv[1]$value
  end
  switch $argv[2]
    case files
      string replace -r -- '^' $argv[1] (__fish_complete_path $word)
    case folders
      string replace -r -- '^' $argv[1] (__fish_complete_directories $word)
  end
end
function __graft_complete
  set -l words (commandline -opc)
  set -l word (commandline -ct)
  set -l of $words[2]
  set -l before $words[-1]
  set -l start ''
  test (count $words) -gt 1; or set before ''
  if string match -q -- '--*=*' $word
    set start (string replace -r '=.*' '=' -- $word)
    set before (string replace = '' -- $start)
  end
  set -l argument names
  set -l arguments
  for line in $__graft_table
    set -l row (string split -m 4 '|' -- $line)
    test "$row[1]" = "$of"; or continue
    if test -z "$row[2]"
      set argument $row[3]
      set arguments $row[4]
    else if test "$row[2]" = "$before"; and test $row[3] != switch
      test $row[3] = list; and set start $start(string match -r '.*,' -- (string replace -- "$start" '' $word))
      __graft_offer "$start" $row[3] $row[4]
      return
    else if test -z "$of"; or string match -q -- '-*' $word
      printf '%s\t%s\n' $row[2] $row[5]
    end
  end
  string match -q -- '-*' $word; or __graft_offer '' $argument $arguments
end
complete -c graft -f -a '(__graft_complete)'
