// Documents as lines for COPY, table by table.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "mirror/sink.hpp"

namespace cvstroom::mirror {

class CopyLines {
  public:
    void add(const Put& put, std::int64_t key, std::uint64_t generation);

    const std::string& cv() const { return cv_; }
    const std::string& document() const { return document_; }
    const std::string& table(Table table) const { return tables_[static_cast<std::size_t>(table)]; }

  private:
    std::string cv_;
    std::string document_;
    std::array<std::string, table_count> tables_;
};

}  // namespace cvstroom::mirror
