#include "print/read_model.hpp"

#include "print/messages.hpp"

namespace mogul::cli {

ModelFile read_model_with_notes(const std::string& path) {
  ModelFile model = read_model(path);
  for (const std::string& note : model.notes) print_note(note);
  return model;
}

}  // namespace mogul::cli
