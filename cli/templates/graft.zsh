# graft completion zsh > graft.zsh; source graft.zsh
autoload -Uz compinit bashcompinit && compinit -u && bashcompinit
{{bash}}
