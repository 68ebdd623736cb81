// Rows as a fitted model sees them: its features, found among the columns of a file by name, else by position.
#pragma once

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "mogul/io.hpp"

namespace mogul::cli {

/// Reads all columns, or those that --columns chooses.
/// @param report  notes and dropped rows are appended to it
/// @throws        as read_datasets()
Dataset read_all_columns(const InputFlags& flags, unsigned n_threads, ReadReport& report);

/// Reads the columns that are the model's features, in the model's order.
///
/// By name where the header, or --columns, has all the features' names; other columns are not looked at. By
/// position, and then there must be as many columns as features, where there is no header, where the model was
/// fitted without names, or where --columns chooses others.
/// @param report  notes and dropped rows are appended to it
/// @throws invalid_data if a feature is missing or the number of columns differs; as read_dataset()
Dataset read_rows_for(const ModelFile& model, const InputFlags& flags, unsigned n_threads, ReadReport& report);

/// Whether the names are x1, x2, ..., as those of features that were fitted without any.
bool are_positions(const std::vector<std::string>& names);

/// The names of the features for people: those of the model, or those of the rows where the model has positions only.
std::vector<std::string> names_for(const ModelFile& model, const Dataset& rows);

/// Whether a regular file is JSON of one object, as a model file is, and rows never are.
bool begins_like_a_model(const std::string& path);

struct ModelRows {
  ModelFile model;
  Dataset rows;
  ReadReport report;
  TextColumns text;  ///< where --append asks for it
};
/// What score, predict and evaluate start from. The notes of reading are printed on standard error, with -v also what
/// was read.
/// @throws UsageError if MODEL and DATA stand in the wrong order; as read_model() and read_rows_for()
ModelRows read_model_and_rows(const std::string& model_path, const InputFlags& flags, const GeneralFlags& general);

}  // namespace mogul::cli
