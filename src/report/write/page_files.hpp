// The style and the scripts of pages, as src/report/page/ has them: cmake/embed.cmake puts them into the library.
#pragma once

#include <string_view>

namespace mogul::page_files {

extern const std::string_view page_css;
extern const std::string_view dom_js;
extern const std::string_view ticks_js;
extern const std::string_view gaussian_js;
extern const std::string_view chart_js;
extern const std::string_view tables_js;
extern const std::string_view replay_js;
extern const std::string_view lesson_js;

}  // namespace mogul::page_files
