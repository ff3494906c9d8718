// Options from the command line, the environment and a file: which one counts, and what is said of wrong ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command_line.hpp"

namespace cvstroom {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class SettingsTest : public testing::Test {
  protected:
    test::CommandLine program_;

    void SetUp() override {
        for (const char* name : {"cv.db", "chain.pem", "key.pem"})
            program_.write(name, "secret of " + std::string(name));
        program_.write("cvstroom.toml",
                       "log-format = \"json\"\n[serve]\ndatabase = \"cv.db\"\ncertificate = \"chain.pem\"\n"
                       "private-key = \"key.pem\"\nlisten = \"127.0.0.1:9001\"\nthreads = 3\n");
    }
};

TEST_F(SettingsTest, TheCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile) {
    const auto checked = program_.run("config check --config cvstroom.toml --cache 12 --listen 127.0.0.1:9003",
                                      "CVSTROOM_LISTEN=127.0.0.1:9002 CVSTROOM_THREADS=5");
    EXPECT_EQ(checked.code, 0) << checked.output;
    EXPECT_THAT(checked.output, ContainsRegex("database +cv.db +file \\(cvstroom.toml\\)"));
    EXPECT_THAT(checked.output, ContainsRegex("listen +127.0.0.1:9003 +command line"));
    EXPECT_THAT(checked.output, ContainsRegex("threads +5 +environment \\(CVSTROOM_THREADS\\)"));
    EXPECT_THAT(checked.output, ContainsRegex("cache +12 +command line"));
    EXPECT_THAT(checked.output, ContainsRegex("administration +127.0.0.1:8444 +default"));
    EXPECT_THAT(checked.output, Not(HasSubstr("secret of"))) << "a file is named, never shown";
}

TEST_F(SettingsTest, TheFileMayBeNamedByTheEnvironmentAndReadAsJson) {
    const auto checked = program_.run("config check --json", "CVSTROOM_CONFIG=cvstroom.toml");
    EXPECT_EQ(checked.code, 0) << checked.output;
    const std::string threads = R"x("option":"threads","value":"3","source":"file (cvstroom.toml)")x";
    EXPECT_THAT(checked.output, HasSubstr(threads));
    EXPECT_THAT(checked.output, HasSubstr(R"("faults":[])"));
}

TEST_F(SettingsTest, CommandsOnTheSameDatabaseTakeItFromTheServersSection) {
    program_.write("none.ndjson", "");
    ASSERT_EQ(program_.run("import --database real.db none.ndjson").code, 0);
    program_.write("cvstroom.toml", "[serve]\ndatabase = \"real.db\"\n");
    EXPECT_EQ(program_.run("key issue --sandbox --partner x --config cvstroom.toml 2>/dev/null").code, 0);
    EXPECT_EQ(program_.run("key list", "CVSTROOM_DATABASE=real.db").code, 0);
    EXPECT_EQ(program_.run("key list").code, 2) << "without either, it is asked for";
}

TEST_F(SettingsTest, WhatIsWrongIsNamed) {
    program_.write("misspelt.toml", "[serve]\ndatabas = \"cv.db\"\n");
    const auto misspelt = program_.run("config check --config misspelt.toml");
    EXPECT_EQ(misspelt.code, 2);
    EXPECT_THAT(misspelt.output, HasSubstr("serve.databas"));
    const auto number = program_.run("config check --config cvstroom.toml", "CVSTROOM_THREADS=many");
    EXPECT_EQ(number.code, 2);
    EXPECT_THAT(number.output, AllOf(HasSubstr("--threads"), HasSubstr("many")));
    EXPECT_EQ(program_.run("config check --config nowhere.toml").code, 2);
    const auto files = program_.run("config check --config cvstroom.toml", "rm key.pem; CVSTROOM_LISTEN=nonsense");
    EXPECT_EQ(files.code, 1);
    EXPECT_THAT(files.output, AllOf(HasSubstr("--private-key: key.pem"), HasSubstr("--listen")));
}

}  // namespace
}  // namespace cvstroom
