// The command `mogul`: picks the verb, and turns what it returns or throws into an exit code.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "flags/suggest.hpp"
#include "mogul/error.hpp"
#include "mogul/version.hpp"
#include "print/messages.hpp"
#include "print/streams.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

struct Verb {
  std::string_view name;
  const char* summary;
  Exit (*run)(const Arguments&);
};

constexpr std::array kVerbs{
    Verb{"fit", "fit a mixture to rows", run_fit},
    Verb{"select", "choose K and the covariance family", run_select},
    Verb{"merge", "merge components into clusters, by entropy", run_merge},
    Verb{"lrt", "test K components against K + 1", run_lrt},
    Verb{"score", "log-density of each row under a model", run_score},
    Verb{"predict", "most probable component or cluster of each row, or the probabilities of all", run_predict},
    Verb{"sample", "draw rows from a model", run_sample},
    Verb{"evaluate", "log-likelihood, entropy, AIC, BIC and ICL of a model on rows", run_evaluate},
    Verb{"inspect", "print a model file", run_inspect},
    Verb{"model", "make a model file from known parameters", run_model},
    Verb{"plot", "draw rows, a model, or rows under a model", run_plot},
    Verb{"report", "a page about a fit", run_report},
    Verb{"explain", "EM on given rows, step by step, with every number", run_explain},
    Verb{"replay", "a page on which a fit can be watched", run_replay},
};

constexpr const char* kOverview =
    R"(mogul fits Gaussian mixtures by expectation-maximisation.

Examples:
  mogul fit data.csv -k 3                      fit, and print a report
  mogul fit data.csv -k 3 -o model.json        fit, and keep the model
  mogul predict model.json data.csv            the component of each row
  mogul sample model.json -n 1000 --seed 7     new rows like the old ones
  mogul model --means 0,5 --variances 1,2      a model from known parameters
  mogul plot model.json data.csv -o fit.svg    a picture of the rows and the components

Usage: mogul VERB [flags] ...
)";

std::string overview() {
  std::string text = kOverview;
  for (const Verb& verb : kVerbs) text += fmt::format("  {:<10}{}\n", verb.name, verb.summary);
  return text + "\n`mogul help VERB` lists the flags of a verb; `mogul --version` prints the version.\n";
}

const Verb* verb_named(std::string_view word) {
  const auto verb = std::ranges::find(kVerbs, word, &Verb::name);
  return verb == kVerbs.end() ? nullptr : &*verb;
}

UsageError unknown(const std::string& word) {
  std::vector<std::string> known{"help", "--help", "--version"};
  for (const Verb& verb : kVerbs) known.emplace_back(verb.name);
  const char* kind = word.starts_with("-") ? "flag" : "verb";
  return UsageError(fmt::format("unknown {} '{}'{}", kind, word, did_you_mean(word, known)));
}

Exit run(const Arguments& words) {
  const bool asks_for_help = words.empty() || words[0] == "-h" || words[0] == "--help" || words[0] == "help";
  if (asks_for_help && (words.size() < 2 || words[1] == "help")) {
    write_stdout(overview());
  } else if (asks_for_help) {
    const Verb* verb = verb_named(words[1]);
    if (verb == nullptr) throw unknown(words[1]);
    return verb->run({"--help"});
  } else if (words[0] == "--version") {
    write_stdout(fmt::format("mogul {}\n", MOGUL_VERSION));
  } else if (const Verb* verb = verb_named(words[0])) {
    return verb->run({words.begin() + 1, words.end()});
  } else {
    throw unknown(words[0]);
  }
  return Exit::done;
}

Exit usage_error(const char* message, const Verb* verb) {
  print_error(message);
  print_note(verb == nullptr ? "run `mogul --help`" : fmt::format("run `mogul {} --help`", verb->name));
  return Exit::usage;
}

// The one place where errors become exit codes: says what the exception that is being handled says.
Exit exit_of_exception(const Verb* verb) {
  try {
    throw;
  } catch (const UsageError& error) {
    return usage_error(error.what(), verb);
  } catch (const invalid_data& error) {
    print_error(error.what());
    return Exit::bad_data;
  } catch (const invalid_argument& error) {
    return usage_error(error.what(), verb);
  } catch (const io_error& error) {
    print_error(error.what());
    return Exit::cannot_read_or_write;
  } catch (const interrupted_error&) {
    print_warning("interrupted before the first model; nothing was written");
    return Exit::interrupted;
  } catch (const out_of_memory& error) {  // says how much was wanted
    print_error(error.what());
    return Exit::failure;
  } catch (const std::bad_alloc&) {
    print_error("out of memory");
    return Exit::failure;
  } catch (const std::length_error&) {  // more elements than any memory could hold
    print_error("out of memory");
    return Exit::failure;
  } catch (const std::exception& error) {
    print_error(error.what());
    return Exit::failure;
  }
}

Exit run(int argc, char** argv) noexcept {
  const Verb* verb = argc > 1 ? verb_named(argv[1]) : nullptr;
  try {
    try {
      return run({argv + std::min(argc, 1), argv + argc});
    } catch (...) {
      return exit_of_exception(verb);
    }
  } catch (...) {  // even for the message there is too little memory
    print_error("out of memory");
    return Exit::failure;
  }
}

}  // namespace

}  // namespace mogul::cli

int main(int argc, char** argv) {
  mogul::cli::prepare_streams();
  return static_cast<int>(mogul::cli::run(argc, argv));
}
