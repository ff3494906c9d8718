#include "http/conditional.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cvstroom::http {
namespace {

TEST(Conditional, NamesATagOfAnyCoding) {
    for (const std::string_view field :
         {"\"7\"", "W/\"7\"", "\"7-gzip\"", "\"7-zstd\"", "W/\"7-zstd\"", "*", " * ", "\"6\", \"7\"", "\"6\",\"7\"",
          "\"a,b\", \"7\"", ",, ,\"7\"", "junk, \"7\"", "\"6\" junk, \"7\"", "\"6\"\t,\tW/\"7\""}) {
        EXPECT_TRUE(names_etag(field, "7")) << field;
    }
}

TEST(Conditional, NamesNoOther) {
    for (const std::string_view field : {"",
                                         " ",
                                         ",",
                                         "7",
                                         "\"",
                                         "\"7",
                                         "7\"",
                                         "\"77\"",
                                         "\"7-br\"",
                                         "\"7-\"",
                                         "\"7-gzip-zstd\"",
                                         "w/\"7\"",
                                         "W/",
                                         "W/7",
                                         "\"6\", \"8\"",
                                         "\"a,7\"",
                                         "*7",
                                         "\"*\"",
                                         "\"\"",
                                         "\" 7\""}) {
        EXPECT_FALSE(names_etag(field, "7")) << field;
    }
}

}  // namespace
}  // namespace cvstroom::http
