// Numbers and strings as bytes of a file, little-endian, and back without ever reading past the end.
#pragma once

#include <bit>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace cvstroom::index {

static_assert(std::endian::native == std::endian::little);

class ByteWriter {
  public:
    template <typename T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_text(std::string_view text) { bytes_.append(text); }

    std::string& bytes() { return bytes_; }

  private:
    std::string bytes_;
};

// After the first read past the end, every further one gives 0 and is_good() is false.
class ByteReader {
  public:
    explicit ByteReader(std::span<const std::byte> bytes) : left_(bytes) {}

    template <typename T>
    T get() {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        if (const auto bytes = take(sizeof value); !bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string_view get_text(std::size_t length) {
        const auto bytes = take(length);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    bool is_good() const { return is_good_; }
    std::size_t left() const { return left_.size(); }

  private:
    std::span<const std::byte> take(std::size_t count) {
        if (!is_good_ || count > left_.size()) {
            is_good_ = false;
            return {};
        }
        const auto taken = left_.first(count);
        left_ = left_.subspan(count);
        return taken;
    }

    std::span<const std::byte> left_;
    bool is_good_ = true;
};

}  // namespace cvstroom::index
