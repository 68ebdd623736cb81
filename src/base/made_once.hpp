// Something that is made when it is first asked for.
#pragma once

#include <memory>
#include <mutex>

namespace mogul {

/// Made by whichever thread comes first, while the others wait for it; of one type in its life.
class MadeOnce {
 public:
  /// @param make  called once, unless it throws
  template <class T, class Make>
  const T& get(const Make& make) {
    const std::scoped_lock lock(mutex_);  // std::call_once may end the process where a thread has no memory left
    if (!value_) value_ = std::make_shared<const T>(make());
    return *static_cast<const T*>(value_.get());
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const void> value_;
};

}  // namespace mogul
