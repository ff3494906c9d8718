#include "base/json_writer.hpp"

#include <gtest/gtest.h>

namespace cvstroom {
namespace {

TEST(JsonWriter, PlacesCommasAtEveryDepth) {
    std::string out;
    JsonWriter json(out);
    json.begin_object()
        .member("a", 1)
        .key("b")
        .begin_array()
        .integer(-2)
        .boolean(true)
        .begin_object()
        .end_object()
        .end_array();
    json.member("c", "x").key("d").raw("[1,2]").end_object();
    EXPECT_EQ(out, R"({"a":1,"b":[-2,true,{}],"c":"x","d":[1,2]})");
}

TEST(JsonWriter, EscapesWhatJsonForbidsAndNothingElse) {
    std::string out;
    append_json_string(out, std::string_view("\"\\\b\f\n\r\t\x01\x1f/é€\x7f"));
    EXPECT_EQ(out, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/é€\x7f\"");
}

}  // namespace
}  // namespace cvstroom
