// OpenCV's ml::EM, as em_program.hpp says.
#include "em_program.hpp"

#include <opencv2/core.hpp>
#include <opencv2/ml.hpp>
#include <variant>

namespace {

cv::Mat matrix(const mogul::Dataset& data) {
  const auto& x = std::get<mogul::Matrix>(data.values());
  return {static_cast<int>(x.rows()), static_cast<int>(x.cols()), CV_64F, const_cast<double*>(x.data())};
}

int covariance_type(const std::string& name) {
  if (name == "full") return cv::ml::EM::COV_MAT_GENERIC;
  if (name == "diagonal") return cv::ml::EM::COV_MAT_DIAGONAL;
  throw std::runtime_error("no covariance " + name);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, [](const bench::Problem& problem, unsigned iterations, const auto& stop_clock) {
    cv::setNumThreads(static_cast<int>(problem.n_threads));
    const cv::Mat means = matrix(problem.means);
    const cv::Mat weights(1, means.rows, CV_64F, cv::Scalar(1.0 / means.rows));
    const std::vector<cv::Mat> covariances(means.rows, cv::Mat::eye(means.cols, means.cols, CV_64F));
    const auto model = cv::ml::EM::create();
    model->setClustersNumber(means.rows);
    model->setCovarianceMatrixType(covariance_type(problem.covariance));
    // It counts E-steps, of which the last one only evaluates.
    model->setTermCriteria({cv::TermCriteria::COUNT, static_cast<int>(iterations) + 1, 0});
    cv::Mat log_likelihoods;
    if (!model->trainE(matrix(problem.data), means, covariances, weights, log_likelihoods)) {
      throw std::runtime_error("trainE() failed");
    }
    stop_clock();
    return cv::sum(log_likelihoods)[0];
  });
}
