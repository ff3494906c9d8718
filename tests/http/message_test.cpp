#include "http/message.hpp"

#include <gtest/gtest.h>

namespace cvstroom::http {
namespace {

TEST(Request, FindsTheFirstFieldOfANameInAnyCase) {
    Request request;
    request.fields = {{"Accept", " text/html "}, {"ACCEPT", "second"}, {"X-Empty", ""}};
    EXPECT_EQ(request.field("accept"), "text/html");
    EXPECT_EQ(request.field("x-empty"), "");
    EXPECT_TRUE(request.has_field("x-empty"));
    EXPECT_EQ(request.field("absent"), "");
    EXPECT_FALSE(request.has_field("absent"));
}

TEST(Response, SetReplaces) {
    Response response;
    response.set("ETag", "\"1\"").set("Vary", "Accept").set("etag", "\"2\"");
    EXPECT_EQ(response.fields.size(), 2U);
    EXPECT_EQ(response.field("ETAG"), "\"2\"");
    EXPECT_EQ(response.field("absent"), "");
}

TEST(Body, IsSeenAlikeOwnedOrShared) {
    EXPECT_EQ(view(Body("owned")), "owned");
    EXPECT_EQ(view(Body(std::make_shared<const std::string>("shared"))), "shared");
    EXPECT_EQ(view(Body(std::shared_ptr<const std::string>())), "");
    EXPECT_EQ(view(Body()), "");
}

}  // namespace
}  // namespace cvstroom::http
