// What an operator sees of a running node: metrics, health and logs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using test::ask;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* document =
    R"({"cvId":"00000001-0000-4000-8000-000000000000","status":"OPEN","wijzigingsDatum":"2026-02-13",)"
    R"("natuurlijkPersoon":{"voornaam":"Zilverdrager"}})";
constexpr const char* detail = "/services/openservices/v1/kandidaten/00000001-0000-4000-8000-000000000000";

class OperationsTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        program_ = std::make_unique<test::RunningProgram>(
            std::vector<std::string>{document},
            std::vector<std::string>{"--log-format", "json", "--log-level", "debug"});
    }
    static void TearDownTestSuite() { program_.reset(); }

    static test::WireResponse operations(const std::string& path, const std::string& method = "GET") {
        return ask(program_->administration_port(), "", {method, path, {}, ""});
    }

    static std::unique_ptr<test::RunningProgram> program_;
};

std::unique_ptr<test::RunningProgram> OperationsTest::program_;

TEST_F(OperationsTest, HealthIsUpWithoutAKey) {
    const auto health = operations("/health");
    EXPECT_EQ(health.status, 200U);
    EXPECT_EQ(health.field("Content-Type"), "application/json");
    EXPECT_THAT(health.body, testing::StartsWith(R"({"status":"UP","details":{)"));
    EXPECT_THAT(health.body, HasSubstr(R"("index":{"status":"UP"})"));
    EXPECT_EQ(operations("/health", "DELETE").status, 405U);
    EXPECT_EQ(ask(program_->port(), "", {"GET", "/health", {}, ""}).status, 404U) << "partners have no use for it";
}

TEST_F(OperationsTest, RequestsAreCountedByResourceAndStatus) {
    const auto requests = [](const std::string& labels) {
        const std::string body = operations("/metrics").body;
        std::smatch found;
        const std::regex line("cvstroom_requests_total\\{" + labels + "\\} ([0-9.]+)");
        return std::regex_search(body, found, line) ? std::stod(found[1]) : 0.0;
    };
    const std::string good = "resource=\"detail\",status=\"200\"";
    const double before = requests(good);
    for (int i = 0; i < 3; ++i) ASSERT_EQ(ask(program_->port(), program_->key(), {"GET", detail, {}, ""}).status, 200U);
    EXPECT_EQ(requests(good), before + 3);
    ASSERT_EQ(ask(program_->port(), "", {"GET", detail, {}, ""}).status, 401U);
    EXPECT_GE(requests("resource=\"other\",status=\"401\""), 1) << "before the gate nothing has a name";
    EXPECT_THAT(operations("/metrics").body,
                ContainsRegex("cvstroom_request_seconds_count\\{resource=\"detail\"\\} [1-9]"));
}

TEST_F(OperationsTest, MetricsAreInPrometheusFormAndSayNothingOfPersonsOrKeys) {
    const auto metrics = operations("/metrics");
    EXPECT_EQ(metrics.status, 200U);
    EXPECT_EQ(metrics.field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    std::istringstream lines(metrics.body);
    std::size_t samples = 0;
    const std::regex sample(R"([a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.eInfa]+)");
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("#")) continue;
        EXPECT_TRUE(std::regex_match(line, sample)) << line;
        ++samples;
    }
    EXPECT_GT(samples, 50U);
    EXPECT_THAT(metrics.body, HasSubstr("cvstroom_published_cvs 1\n"));
    EXPECT_THAT(metrics.body, Not(HasSubstr("cvs_"))) << "no key, not even its prefix";
    EXPECT_THAT(metrics.body, Not(HasSubstr("Test partner")));
}

// Every metric that the dashboard asks for exists, so that no panel stays empty after a renaming.
TEST_F(OperationsTest, TheDashboardAsksForMetricsThatExist) {
    ask(program_->port(), program_->key(), {"GET", detail, {}, ""});
    const std::string metrics = "\n" + operations("/metrics").body;
    simdjson::dom::parser parser;
    const auto dashboard = parser.load(CVSTROOM_SOURCE_DIR "/deploy/grafana/cvstroom.json");
    ASSERT_EQ(dashboard.error(), simdjson::SUCCESS);
    std::set<std::string> names;
    for (const auto panel : dashboard["panels"].get_array()) {
        for (const auto target : panel["targets"].get_array()) {
            const std::string query(target["expr"].get_string().value());
            const std::regex name("(cvstroom|process)_[a-z_]+");
            for (std::sregex_iterator found(query.begin(), query.end(), name), none; found != none; ++found) {
                names.insert(found->str());
            }
        }
    }
    EXPECT_GE(names.size(), 12U);
    for (const auto& name : names) {
        EXPECT_TRUE(metrics.find("\n" + name + "{") != std::string::npos ||
                    metrics.find("\n" + name + " ") != std::string::npos)
            << name;
    }
}

TEST_F(OperationsTest, EveryLineOfTheLogIsJsonAndRequestsAreNamedWithoutTheirQuery) {
    const std::string path = "/services/openservices/v1/kandidaten";
    ask(program_->port(), program_->key(), {"GET", path + "?gewensteRegios=BE231A", {}, ""});
    // Somebody's idea of an id, and a partner that bears its owner's name.
    ask(program_->port(), program_->key(), {"GET", path + "/Zilverduin@example.org", {}, ""});
    ask(program_->administration_port(), program_->administration_key(),
        {"GET", "/beheer/v1/partners/Mirelva%20Zilverduin", {}, ""});
    std::istringstream lines(program_->log());
    simdjson::dom::parser parser;
    bool is_named = false;
    for (std::string line; std::getline(lines, line);) {
        const auto entry = parser.parse(line);
        if (!line.starts_with("{")) continue;  // the progress bar, before the log
        ASSERT_EQ(entry.error(), simdjson::SUCCESS) << line;
        EXPECT_EQ(entry["time"].error(), simdjson::SUCCESS) << line;
        EXPECT_EQ(entry["level"].error(), simdjson::SUCCESS) << line;
        std::string_view logged;
        if (entry["path"].get(logged) == simdjson::SUCCESS && logged == path) {
            is_named = true;
            EXPECT_EQ(entry["status"].get_string().value(), "200");
            EXPECT_EQ(entry["trace"].get_string().value().size(), 36U);
            EXPECT_EQ(entry["key"].get_string().value(), std::string_view(program_->key()).substr(0, 12));
        }
    }
    EXPECT_TRUE(is_named);
    EXPECT_THAT(program_->log(), Not(HasSubstr("BE231A"))) << "a query may hold a search";
    EXPECT_THAT(program_->log(), Not(HasSubstr("Zilverdrager")));
    EXPECT_THAT(program_->log(), Not(HasSubstr("Zilverduin"))) << "nor a path that may be about somebody";
    EXPECT_THAT(program_->log(), Not(HasSubstr(program_->key())));
}

// As systemd does for a unit of Type=notify: a datagram socket whose name stands in the environment.
TEST(ServiceManagerTest, IsToldWhenTheNodeServesAndWhenItStops) {
    const test::TemporaryFolder folder;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = (folder / "notify").string();
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    ASSERT_EQ(bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const auto received = [socket] {
        char text[100];
        const auto size = recv(socket, text, sizeof text, MSG_DONTWAIT);
        return size < 0 ? std::string() : std::string(text, static_cast<std::size_t>(size));
    };
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    test::RunningProgram program({document});
    unsetenv("NOTIFY_SOCKET");
    std::string first;
    for (int tries = 0; tries < 200 && first.empty(); ++tries) {
        first = received();
        if (first.empty()) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    EXPECT_EQ(first, "READY=1");
    EXPECT_EQ(program.stop(), 0);
    EXPECT_EQ(received(), "STOPPING=1");
    close(socket);
}

}  // namespace
}  // namespace cvstroom
