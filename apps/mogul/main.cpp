// The command `mogul`: picks the verb, and turns what it returns or throws into an exit code.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "flags/suggest.hpp"
#include "mogul/error.hpp"
#include "mogul/version.hpp"
#include "print/messages.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

struct Verb {
  const char* name;
  const char* summary;
  Exit (*run)(const Arguments&);
};

constexpr std::array kVerbs{
    Verb{"fit", "fit a mixture to rows", run_fit},
    Verb{"score", "log-density of each row under a model", run_score},
    Verb{"predict", "most probable component of each row, or the probabilities of all", run_predict},
    Verb{"sample", "draw rows from a model", run_sample},
    Verb{"evaluate", "log-likelihood, entropy, AIC, BIC and ICL of a model on rows", run_evaluate},
    Verb{"inspect", "print a model file", run_inspect},
};

constexpr const char* kOverview =
    R"(mogul fits Gaussian mixtures by expectation-maximisation.

Examples:
  mogul fit data.csv -k 3                      fit, and print a report
  mogul fit data.csv -k 3 -o model.json        fit, and keep the model
  mogul predict model.json data.csv            the component of each row
  mogul sample model.json -n 1000 --seed 7     new rows like the old ones

Usage: mogul VERB [flags] ...
)";

void print_overview() {
  fmt::print("{}", kOverview);
  for (const Verb& verb : kVerbs) fmt::print("  {:<10}{}\n", verb.name, verb.summary);
  fmt::print("\n`mogul VERB --help` lists the flags of a verb; `mogul --version` prints the version.\n");
}

Exit usage_error(const std::string& message, const std::string& command) {
  print_error(message);
  print_note(fmt::format("run `{} --help`", command));
  return Exit::usage;
}

Exit unknown(const std::string& word) {
  std::vector<std::string> known{"--help", "--version"};
  for (const Verb& verb : kVerbs) known.push_back(verb.name);
  const char* kind = word.starts_with("-") ? "flag" : "verb";
  return usage_error(fmt::format("unknown {} '{}'{}", kind, word, did_you_mean(word, known)), "mogul");
}

// The one place where errors become exit codes.
Exit run(const Verb& verb, const Arguments& arguments) {
  const std::string command = fmt::format("mogul {}", verb.name);
  try {
    return verb.run(arguments);
  } catch (const UsageError& error) {
    return usage_error(error.what(), command);
  } catch (const invalid_data& error) {
    print_error(error.what());
    return Exit::bad_data;
  } catch (const invalid_argument& error) {
    return usage_error(error.what(), command);
  } catch (const io_error& error) {
    print_error(error.what());
    return Exit::cannot_read_or_write;
  } catch (const interrupted_error&) {
    print_warning("interrupted before the first model; nothing was written");
    return Exit::interrupted;
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

Exit run(const Arguments& words) {
  if (words.empty() || words[0] == "-h" || words[0] == "--help") {
    print_overview();
    return Exit::done;
  }
  if (words[0] == "--version") {
    fmt::print("mogul {}\n", MOGUL_VERSION);
    return Exit::done;
  }
  const auto named = [&](const Verb& verb) { return words[0] == verb.name; };
  const auto verb = std::find_if(kVerbs.begin(), kVerbs.end(), named);
  return verb == kVerbs.end() ? unknown(words[0]) : run(*verb, {words.begin() + 1, words.end()});
}

}  // namespace

}  // namespace mogul::cli

int main(int argc, char** argv) {
  // A reader that closes the pipe early, as `head` does, ends mogul quietly; some parents leave this ignored.
  std::signal(SIGPIPE, SIG_DFL);
  return static_cast<int>(mogul::cli::run({argv + std::min(argc, 1), argv + argc}));
}
