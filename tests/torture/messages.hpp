// What an error must say: one line that contains the given words.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace torture {

/// Calls `call`, which must throw an Error whose message is one line and contains every word.
template <class Error, class Call>
void expect_message(const Call& call, std::initializer_list<std::string_view> words) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << "more than one line: " << message;
    for (const std::string_view word : words) {
      EXPECT_NE(message.find(word), std::string::npos) << '"' << word << "\" is missing in: " << message;
    }
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another kind of error: " << error.what();
  }
}

}  // namespace torture
