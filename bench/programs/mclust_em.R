# mclust's em(), with the arguments, start and output that em_program.hpp describes. It has no threads.

suppressPackageStartupMessages(library(mclust))

# A two-dimensional array of float64 in C order.
read_npy <- function(path) {
  file <- file(path, "rb")
  on.exit(close(file))
  readBin(file, "raw", 8)
  header <- rawToChar(readBin(file, "raw", readBin(file, "integer", size = 2, signed = FALSE)))
  stopifnot(grepl("'<f8'", header), grepl("'fortran_order': False", header))
  shape <- as.integer(regmatches(header, regexec("'shape': \\((\\d+), (\\d+)\\)", header))[[1]][2:3])
  matrix(readBin(file, "double", prod(shape)), shape[1], shape[2], byrow = TRUE)
}

# Unit covariances in the form that a model of mclust wants.
unit_variance <- function(model, d, k) {
  switch(model,
    VVV = list(cholsigma = array(diag(d), c(d, d, k))),
    EEE = list(cholSigma = diag(d)),
    VVI = list(scale = rep(1, k), shape = matrix(1, d, k)),
    VII = list(sigmasq = rep(1, k)))
}

memory <- function(field) {
  line <- grep(paste0("^", field, ":"), readLines("/proc/self/status"), value = TRUE)
  1024 * as.numeric(gsub("[^0-9]", "", line))
}

arguments <- commandArgs(trailingOnly = TRUE)
x <- read_npy(arguments[1])
means <- t(read_npy(arguments[2]))
model <- c(full = "VVV", tied = "EEE", diagonal = "VVI", spherical = "VII")[[arguments[3]]]
k <- ncol(means)
variance <- c(list(modelName = model, d = nrow(means), G = k), unit_variance(model, nrow(means), k))
start <- list(pro = rep(1 / k, k), mean = means, variance = variance)

run <- function(iterations) {
  em(data = x, modelName = model, parameters = start, warn = FALSE,
     control = emControl(eps = 0, tol = c(0, 0), itmax = c(iterations, iterations)))
}

invisible(gc())
before <- memory("VmRSS")
invisible(run(1))  # what a process does once
for (iterations in as.integer(arguments[-(1:4)])) {
  writeLines("5", "/proc/self/clear_refs")
  seconds <- system.time(fit <- run(iterations))[["elapsed"]]
  peak <- memory("VmHWM") - before
  last <- estep(data = x, modelName = model, parameters = fit$parameters)
  cat(sprintf('{"iterations": %d, "seconds": %.6f, "log_likelihood": %.17g, "peak_bytes": %.0f, "version": "%s"}\n',
              iterations, seconds, last$loglik, peak, packageVersion("mclust")))
}
