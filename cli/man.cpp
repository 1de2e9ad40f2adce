// graft man: the manual page, made of the verbs and options that the program has. The build writes it to
// graft.1, which is installed.
#include <string>
#include <vector>

#include "cli/help.h"
#include "cli/verbs.h"
#include "graft/core/version.h"

namespace graft::cli {
namespace {

// Text as troff takes it: nothing in it is a command.
std::string troff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\n') {
      out += ' ';
    } else {
      if ((c == '.' || c == '\'') && out.empty()) out += "\\&";
      out += c;
    }
  }
  return out;
}

std::string names_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name();
  std::string names = option.get_name(false, true);  // "-q,--quiet"
  for (std::size_t at = names.find("{false}"); at != std::string::npos; at = names.find("{false}"))
    names.erase(at, 7);
  for (std::size_t at = 0; (at = names.find(',', at)) != std::string::npos; at += 2)
    names.replace(at, 1, ", ");
  return names;
}

std::string page_of(const CLI::Option& option) {
  std::string text = ".TP\n\\fB" + troff(names_of(option)) + "\\fR";
  if (!option.get_positional() && option.get_type_size() != 0)
    text += " \\fI" + troff(shown_type(option)) + "\\fR";
  text += "\n" + troff(option.get_description());
  if (!option.get_default_str().empty() && option.get_type_size() != 0)
    text += " [" + troff(option.get_default_str()) + "]";
  return text + "\n";
}

std::string page_of(const CLI::App& verb) {
  std::string text = ".SS \"graft " + troff(verb.get_name()) + "\"\n" + troff(verb.get_description()) + ".\n";
  std::string section;
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_name(false, true) == "-h,--help") continue;
    if (option->get_group() != section && option->get_group() != "Options" && !option->get_positional())
      text += ".PP\n\\fI" + troff(option->get_group()) + "\\fR\n";
    section = option->get_group();
    text += page_of(*option);
  }
  return text;
}

std::string man_page(const CLI::App& app) {
  std::string text =
      ".\\\" made by graft man\n"
      ".TH GRAFT 1 \"\" \"graft " +
      std::string(version()) +
      "\" \"User Commands\"\n"
      ".SH NAME\ngraft \\- transfer learning on images\n"
      ".SH SYNOPSIS\n\\fBgraft\\fR \\fIVERB\\fR [\\fIARGUMENTS\\fR]\n"
      ".SH DESCRIPTION\n" +
      troff(app.get_description()) + "\n.SH VERBS\n";
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    text += page_of(*verb);
  return text +
         ".SH EXIT STATUS\n"
         ".TP\n\\fB0\\fR\ndone\n"
         ".TP\n\\fB1\\fR\nfailed: a file, a picture, a training; the message says which and what to do\n"
         ".TP\n\\fB2\\fR\nwrong usage: an unknown option, a value out of range\n"
         ".TP\n\\fB130\\fR, \\fB143\\fR\nstopped by Ctrl\\-C or SIGTERM; what was done is kept\n"
         ".SH FILES\n"
         ".TP\n\\fI~/.cache/torch/hub/checkpoints\\fR\nweights that were downloaded, shared with PyTorch "
         "(\\fBTORCH_HOME\\fR, \\fBXDG_CACHE_HOME\\fR)\n"
         ".TP\n\\fI~/.cache/graft/features\\fR\nfeatures that a probe keeps\n"
         ".SH EXAMPLES\n.nf\n"
         "graft check pictures\n"
         "graft train pictures \\-\\-out runs/pets\n"
         "graft train \\-\\-resume runs/pets\n"
         "graft eval runs/pets pictures\n"
         "graft predict runs/pets new.jpg\n"
         ".fi\n";
}

}  // namespace

void add_man(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("man", "Print the manual page (graft man | man -l -)");
  verb->callback([&app, &context] { context.console.text(man_page(app)); });
}

}  // namespace graft::cli
