// The main job: read a table, fit a mixture, look at it, label the rows, save the model.
//   01_fit data/faithful.csv model.json
#include <exception>
#include <iostream>

#include "mogul/mogul.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " DATA MODEL\n";
    return 2;
  }
  try {
    const mogul::Dataset data = mogul::read_dataset(argv[1]);
    const mogul::FitResult fitted = mogul::fit(data, {.n_components = 2});
    std::cout << mogul::summary(fitted.report, fitted.mixture, data.column_names()) << '\n';
    std::cout << "The first row is in component " << mogul::labels(fitted.mixture, data)[0] << ".\n";
    mogul::write_model(argv[2], {fitted.mixture, data.column_names()});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
