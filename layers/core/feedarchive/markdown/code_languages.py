"""Languages that code may be in. A fence with another name may be a program to whoever renders it.

Obsidian, its plug-ins and GitHub run or draw what stands in fences named query, base, dataviewjs, mermaid, geojson and
many more; nobody can list those that run, so these are the ones that are only coloured.
"""

from __future__ import annotations

KNOWN_LANGUAGES = frozenset(
    (
        "abap actionscript ada agda apache apl applescript arduino armasm asciidoc asm assembly autohotkey awk "
        "bash basic bat batch bibtex bicep brainfuck c c# c++ caddyfile ceylon clike clj clojure cmake cmd cobol "
        "coffee coffeescript common-lisp console cpp crystal cs csharp css csv cuda cypher cython d dart delphi "
        "diff django docker dockerfile dos dotenv elisp elixir elm emacs-lisp erb erlang ex excel f# fish forth "
        "fortran fs fsharp gherkin git gitignore gleam glsl gnuplot go golang gql gradle graphql groovy haml "
        "handlebars haskell haxe hcl hlsl hs html http idris ini irb jade janet java javascript jinja jinja2 jl jq "
        "js json json5 jsonc jsonl jsonnet jsp jsx julia kotlin ksh kt kusto latex less lisp llvm log lua make "
        "makefile markdown markup mathematica matlab md mdx metal mips ml nasm nginx nim nix objc objective-c "
        "objectivec ocaml octave openscad pas pascal patch perl perl6 php phtml pl plain plaintext plsql "
        "postgresql postscript powershell prisma processing prolog properties proto protobuf ps1 pug puppet "
        "purescript py py3 pycon python python3 qml r racket raku rb re reason rest rexx rkt roc rs rst ruby rust "
        "sas sass scala scheme scss sed sh shell shell-session shellsession smali smalltalk solidity sparql sql "
        "stata styl stylus svelte svg swift systemd systemverilog tcl terraform tex text tf toml ts tsql tsx "
        "turtle twig txt typescript typst v vala vb vba vbnet verilog vhdl vim viml vue wasm wat wgsl wolfram "
        "x86asm xhtml xml xquery xslt yaml yml zig zsh"
    ).split()
)
