// All of mogul.
#pragma once

#include "mogul/dataset.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/interrupt.hpp"
#include "mogul/io.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/output_file.hpp"
#include "mogul/report.hpp"
#include "mogul/row_sample.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "mogul/threads.hpp"
#include "mogul/version.hpp"
