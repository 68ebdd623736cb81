// mogul/io.hpp
#include "mogul/io.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <tuple>
#include <utility>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "convert/warn.hpp"
#include "fit_result.hpp"
#include "mogul/error.hpp"
#include "mogul/merge.hpp"

namespace mogul::python {
namespace {

using Names = std::vector<std::string>;

const char* const kReadDoc =
    R"(Reads rows from a CSV, TSV or NPY file, also packed by gzip, or from standard input for '-'.

Parameters
----------
path : path-like
columns, exclude : sequences of str
    Features to keep, in this order, or columns to leave out, by name or position (1, 2, ...). Default: all but weights.
weights : str
    The column of row weights, by name or position.
delimiter : str
    Default: found from the first lines.
header : bool, optional
    Whether the first line holds names. Default: found from the first lines; InvalidData where it may be either.
missing : 'error' or 'drop'
    What becomes of rows that lack a value.
decimal : '.' or ','
    The decimal point of the numbers.
comment : str
    A character: lines that begin with it are left out. Default: '#', above the first row only.
skip_lines : int
    Lines to leave out at the start of the file.
expected_names : sequence of str
    A first line that holds all of them is a header, whatever it looks like.
report : ReadReport, optional
    Notes and dropped rows are appended to it. Without it, each note is a UserWarning.

Raises
------
OSError
    If the file cannot be read.
InvalidData
    Naming file, line, column, value and rule.)";

char character_from(const std::string& text, const char* name, char otherwise) {
  if (text.size() > 1) throw invalid_argument(std::string(name) + " = '" + text + "'; must be one character");
  return text.empty() ? otherwise : text.front();
}

Missing missing_from(const std::string& text) {
  if (text == "error") return Missing::error;
  if (text == "drop") return Missing::drop;
  throw invalid_argument("missing = '" + text + "'; must be 'error' or 'drop'");
}

std::string_view text_of(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

// Warns of each note, unless the caller collects them.
void warn_of(const ReadReport& notes, ReadReport* report) {
  if (report != nullptr) {
    report->notes.insert(report->notes.end(), notes.notes.begin(), notes.notes.end());
    report->dropped.insert(report->dropped.end(), notes.dropped.begin(), notes.dropped.end());
    return;
  }
  warn(notes.notes);
}

// Defines a function of a source (one or two arguments) and of what ReadOptions has.
// @param read  (source ..., options, report)
template <class... Source, class Function, class... Arguments>
void def_reader(nb::module_& m, const char* name, const char* doc, Function read, const Arguments&... arguments) {
  const Names none;
  m.def(
      name,
      [read](const Source&... source, Names columns, Names exclude, std::string weights, const std::string& delimiter,
             std::optional<bool> header, const std::string& missing, const std::string& decimal,
             const std::string& comment, const IntLike& skip_lines, Names expected_names, const IntLike& n_threads,
             ReadReport* report) {
        ReadOptions options;
        options.columns = std::move(columns);
        options.exclude = std::move(exclude);
        options.weights = std::move(weights);
        options.delimiter = character_from(delimiter, "delimiter", '\0');
        options.header = !header ? Header::detect : *header ? Header::yes : Header::no;
        options.missing = missing_from(missing);
        options.decimal = character_from(decimal, "decimal", '.');
        options.comment = character_from(comment, "comment", '\0');
        options.skip_lines = whole_from<std::size_t>(skip_lines, "skip_lines");
        options.expected_names = std::move(expected_names);
        options.n_threads = threads_from(n_threads);
        ReadReport notes;
        auto result = read(source..., options, notes);
        warn_of(notes, report);
        return result;
      },
      arguments..., nb::kw_only(), nb::arg("columns") = none, nb::arg("exclude") = none, nb::arg("weights") = "",
      nb::arg("delimiter") = "", nb::arg("header") = nb::none(), nb::arg("missing") = "error", nb::arg("decimal") = ".",
      nb::arg("comment") = "", nb::arg("skip_lines") = 0, nb::arg("expected_names") = none, nb::arg("n_threads") = 0,
      nb::arg("report") = nb::none(), doc);
}

void bind_read_report(nb::module_& m) {
  nb::class_<ReadReport> report(m, "ReadReport", "What a reader of the rows alone would not know of their file.");
  def_value(report, &ReadReport::notes, &ReadReport::dropped);
  report.def(nb::init<>())
      .def_ro("notes", &ReadReport::notes, "Sentences for people.")
      .def_ro("dropped", &ReadReport::dropped, "Rows left out for missing values, from 0 among all rows of the file.")
      .def("__repr__", [](const ReadReport& self) {
        return fmt::format("ReadReport({} notes, {} dropped)", self.notes.size(), self.dropped.size());
      });
}

void bind_readers_of_rows(nb::module_& m) {
  bind_read_report(m);
  def_reader<PathLike>(
      m, "read_dataset", kReadDoc,
      [](const PathLike& path, const ReadOptions& options, ReadReport& report) {
        const std::string file = path.string();
        return without_lock([&] { return read_dataset(file, options, &report); });
      },
      nb::arg("path"));
  def_reader<std::vector<PathLike>>(
      m, "read_datasets",
      "As read_dataset() from several files as one: the rows of each after those of the one before, with the same "
      "columns by name, in the order of the first file; by position where there are no names. Dropped rows are "
      "numbered through.",
      [](const std::vector<PathLike>& paths, const ReadOptions& options, ReadReport& report) {
        std::vector<std::string> files;
        files.reserve(paths.size());
        for (const PathLike& path : paths) files.push_back(path.string());
        return without_lock([&] { return read_datasets(files, options, &report); });
      },
      nb::arg("paths"));
  def_reader<nb::bytes, std::string>(
      m, "parse_dataset", "As read_dataset(), from the content of a file; `name` stands for it in messages.",
      [](const nb::bytes& content, const std::string& name, const ReadOptions& options, ReadReport& report) {
        const std::string_view text = text_of(content);
        return without_lock([&] { return parse_dataset(text, name, options, &report); });
      },
      nb::arg("content"), nb::arg("name"));
}

void bind_names_and_labels(nb::module_& m) {
  def_reader<PathLike>(
      m, "read_column_names", "The names of all columns, '' for one without; None where there is no header.",
      [](const PathLike& path, const ReadOptions& options, ReadReport&) {
        const std::string file = path.string();
        return without_lock([&] { return read_column_names(file, options); });
      },
      nb::arg("path"));
  def_reader<nb::bytes, std::string>(
      m, "parse_column_names", "As read_column_names(), from the content of a file.",
      [](const nb::bytes& content, const std::string& name, const ReadOptions& options, ReadReport&) {
        const std::string_view text = text_of(content);
        return without_lock([&] { return parse_column_names(text, name, options); });
      },
      nb::arg("content"), nb::arg("name"));
  m.def(
      "normal_name", [](const std::string& name) { return std::string(normal_name(name)); }, nb::arg("name"),
      "The form in which names of columns are compared: without blanks and quotes around it.");
  m.def(
      "read_labels",
      [](const PathLike& path, const std::vector<std::size_t>& dropped) {
        const std::string file = path.string();
        return to_numpy(without_lock([&] { return read_labels(file, dropped); }));
      },
      nb::arg("path"), nb::kw_only(), nb::arg("dropped") = std::vector<std::size_t>(),
      "One integer per line, mapped to 0..K-1 in ascending order: (N,). Rows that were left out of the data "
      "(`ReadReport.dropped`) have no label in it, whatever stands in their lines.");
  m.def(
      "number_labels",
      [](const ArrayLike& labels, const IntLike& n_components) {
        const std::vector<std::int64_t> given = whole_numbers_from(labels, "labels");
        if (n_components.is_none()) return to_numpy(number_labels(given));
        return to_numpy(number_labels(given, whole_from<std::size_t>(n_components, "n_components")));
      },
      nb::arg("labels"), nb::arg("n_components") = nb::none(),
      "Numbers of components 0..K-1 for whole numbers, in ascending order: (N,). With n_components, those of 0..K-1 "
      "stay as they are, and others must be K different ones.");
}

void bind_writers_of_rows(nb::module_& m) {
  m.def(
      "write_csv",
      [](const PathLike& path, const RowsLike& x, const Names& column_names) {
        const Rows rows(x, nb::none());
        const std::string file = path.string();
        const WithoutLock unlocked;
        write_csv(file, rows.view(), column_names);
      },
      nb::arg("path"), nb::arg("x"), nb::arg("column_names") = Names(),
      "A header line, and numbers in the shortest form that reads back equal.");
  m.def(
      "write_npy",
      [](const PathLike& path, const RowsLike& x) {
        const Rows rows(x, nb::none());
        const std::string file = path.string();
        const WithoutLock unlocked;
        write_npy(file, copy_of<double>(rows.view(), rows.view().rows()).view());
      },
      nb::arg("path"), nb::arg("x"), "NPY version 1.0, C order, '<f8'.");
}

class ModelLike : public nb::object {
  NB_OBJECT(ModelLike, nb::object, "ModelFile | FitResult | Mixture", is_anything)
};

ModelFile model_file_from(nb::handle value, const char* name) {
  const NamedFitResult* result = nullptr;
  if (nb::try_cast(value, result, false) && result != nullptr) return result->file();
  const ModelFile* file = nullptr;
  if (nb::try_cast(value, file, false) && file != nullptr) return *file;
  const Mixture* mixture = nullptr;
  if (nb::try_cast(value, mixture, false) && mixture != nullptr) return {*mixture, {}};
  throw nb::type_error(
      fmt::format("{} = {}; must be a mogul.ModelFile, FitResult or Mixture", name, shown(value)).c_str());
}

FitReport report_from(nb::handle value) {
  const FitReport* report = nullptr;
  if (nb::try_cast(value, report, false) && report != nullptr) return *report;
  throw nb::type_error(fmt::format("report = {}; must be a mogul.FitReport", shown(value)).c_str());
}

StandardErrors standard_errors_from(nb::handle value) {
  const StandardErrors* errors = nullptr;
  if (nb::try_cast(value, errors, false) && errors != nullptr) return *errors;
  throw nb::type_error(fmt::format("standard_errors = {}; must be a mogul.StandardErrors", shown(value)).c_str());
}

void bind_model_file(nb::module_& m) {
  nb::class_<ModelFile> type(m, "ModelFile", "What a model file holds; schema 'mogul-model/1'.");
  def_value(type, &ModelFile::mixture, &ModelFile::feature_names, &ModelFile::settings, &ModelFile::report,
            &ModelFile::clusters, &ModelFile::standard_errors);
  type.def(
          "__init__",
          [](ModelFile* self, const nb::args& args, const nb::kwargs& kwargs) {
            const Arguments given("ModelFile", {"mixture", "feature_names", "report", "clusters", "standard_errors"}, 1,
                                  args, kwargs);
            ModelFile file = model_file_from(given[0], "mixture");
            if (!given[1].is_none()) file.feature_names = texts_from(given[1], "feature_names");
            if (!given[2].is_none()) file.report = report_from(given[2]);
            if (!given[3].is_none()) {
              file.clusters = labels_from(given[3], "clusters");
              count_clusters(file.clusters, file.mixture.n_components());
            }
            if (!given[4].is_none()) file.standard_errors = standard_errors_from(given[4]);
            new (self) ModelFile(std::move(file));
          },
          nb::sig("def __init__(self, mixture: ModelFile | FitResult | Mixture, feature_names: "
                  "collections.abc.Sequence[str] | None = None, report: FitReport | None = None, clusters: "
                  "numpy.typing.ArrayLike | None = None, standard_errors: StandardErrors | None = None) -> None"))
      .def_ro("mixture", &ModelFile::mixture)
      .def_ro("feature_names", &ModelFile::feature_names, "(D,), or empty for 'x1', 'x2', ...")
      .def_ro("settings", &ModelFile::settings, "Of the fit; None for a model that was not fitted.")
      .def_ro("report", &ModelFile::report, "Likewise.")
      .def_prop_ro(
          "clusters",
          [](const ModelFile& self) {
            return self.clusters.empty() ? std::nullopt : std::optional(to_numpy(self.clusters));
          },
          "(K,), the cluster of each component (`merge`); None if they were not merged.")
      .def_ro("standard_errors", &ModelFile::standard_errors, "Of the parameters; None where they were not asked for.")
      .def("__repr__", [](const ModelFile& self) {
        return fmt::format("ModelFile(mixture={}, feature_names={}{}{})",
                           nb::cast<std::string>(nb::repr(nb::cast(self.mixture))),
                           nb::cast<std::string>(nb::repr(nb::cast(self.feature_names))),
                           self.report ? ", with report" : "", self.clusters.empty() ? "" : ", with clusters");
      });
}

void bind_readers_and_writers_of_models(nb::module_& m) {
  m.def(
      "write_model",
      [](const PathLike& path, const ModelLike& model) {
        const std::string file = path.string();
        const ModelFile held = model_file_from(model, "model");
        const WithoutLock unlocked;
        write_model(file, held);
      },
      nb::arg("path"), nb::arg("model"),
      "Of a FitResult also the names of the features, the settings and the report. Appears whole or not at all. Raises "
      "OSError.");
  m.def(
      "read_model",
      [](const PathLike& path) {
        const std::string file = path.string();
        ModelFile model = without_lock([&] { return read_model(file); });
        warn(model.notes);
        return model;
      },
      nb::arg("path"), "Raises OSError, or InvalidData naming the file, the field and what is wrong.");
  m.def(
      "parse_model",
      [](const std::string& json, const std::string& name) {
        ModelFile model = without_lock([&] { return parse_model(json, name); });
        warn(model.notes);
        return model;
      },
      nb::arg("json"), nb::arg("name"), "`name` stands for the file in messages.");
  m.def(
      "model_json",
      [](const ModelLike& model) {
        const ModelFile held = model_file_from(model, "model");
        return without_lock([&] { return model_json(held); });
      },
      nb::arg("model"), "What write_model() writes: every double so that it reads back equal.");
}

void bind_stats_file(nb::module_& m) {
  m.def(
      "write_stats",
      [](const PathLike& path, const Stats& stats) {
        const std::string file = path.string();
        const WithoutLock unlocked;
        write_stats(file, stats);
      },
      nb::arg("path"), nb::arg("stats"), "JSON, schema 'mogul-stats/1'. Appears whole or not at all. Raises OSError.");
  m.def(
      "read_stats",
      [](const PathLike& path) {
        const std::string file = path.string();
        return without_lock([&] { return read_stats(file); });
      },
      nb::arg("path"), "Raises OSError, or InvalidData naming the file, the field and what is wrong.");
  m.def(
      "parse_stats",
      [](const std::string& json, const std::string& name) {
        return without_lock([&] { return parse_stats(json, name); });
      },
      nb::arg("json"), nb::arg("name"), "`name` stands for the file in messages.");
  m.def(
      "stats_json", [](const Stats& stats) { return without_lock([&] { return stats_json(stats); }); },
      nb::arg("stats"), "What write_stats() writes.");
}

}  // namespace

void bind_io(nb::module_& m) {
  bind_readers_of_rows(m);
  bind_names_and_labels(m);
  bind_writers_of_rows(m);
  bind_model_file(m);
  bind_readers_and_writers_of_models(m);
  bind_stats_file(m);
}

}  // namespace mogul::python
