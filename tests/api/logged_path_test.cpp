#include "api/logged_path.hpp"

#include <gtest/gtest.h>

namespace cvstroom::api {
namespace {

TEST(LoggedPath, HoldsRoutesAndIds) {
    for (const char* path : {"/services/openservices/v1/kandidaten/30dbfef1-59df-4521-a111-964bf0208e68",
                             "/services/openservices/v1/kandidaten/bulk/controle", "/services/openservices/v2/diplomas",
                             "/beheer/v1/lijsten/attesten", "/health", "/", ""}) {
        EXPECT_EQ(logged_path(path), path);
    }
}

TEST(LoggedPath, HidesWhatMayBeAboutAPerson) {
    EXPECT_EQ(logged_path("/services/openservices/v1/kandidaten/mirelva.zilverduin@example.org"),
              "/services/openservices/v1/kandidaten/*");
    EXPECT_EQ(logged_path("/beheer/v1/partners/Mirelva%20Zilverduin/geschiedenis"),
              "/beheer/v1/partners/*/geschiedenis");
    EXPECT_EQ(logged_path("/services/openservices/v1/kandidaten;naam=Zilverduin/"), "/services/openservices/v1/*/");
    EXPECT_EQ(logged_path("zilverduin"), "*");
}

}  // namespace
}  // namespace cvstroom::api
