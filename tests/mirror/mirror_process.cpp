#include "tests/mirror/mirror_process.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace cvstroom::test {
namespace {

std::atomic<int> started = 0;

struct CloseDatabase {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Database open_database(const std::string& file, int flags = SQLITE_OPEN_READONLY) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    Database database(handle);
    if (code != SQLITE_OK) throw std::runtime_error("cannot open " + file);
    sqlite3_busy_timeout(handle, 10'000);
    return database;
}

template <typename Row>
void query(const std::string& file, const std::string& sql, const Row& row, int flags = SQLITE_OPEN_READONLY) {
    const auto database = open_database(file, flags);
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(database.get()));
    }
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) row(statement);
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(database.get()));
}

std::string text_of(sqlite3_stmt* statement, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return text == nullptr ? "" : text;
}

}  // namespace

MirrorProcess::MirrorProcess(const TemporaryFolder& folder, const std::vector<std::string>& arguments)
    : log_((folder / ("mirror-" + std::to_string(++started) + ".log")).string()) {
    std::vector<std::string> all = {CVSTROOM_PROGRAM, "mirror"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& each : all) pointers.push_back(each.data());
    pointers.push_back(nullptr);
    const std::string directory = folder.path().string();
    process_ = fork();
    if (process_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing running
    const int file = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    if (chdir(directory.c_str()) == 0) execv(CVSTROOM_PROGRAM, pointers.data());
    _exit(127);
}

MirrorProcess::~MirrorProcess() {
    if (process_ <= 0) return;
    signal(SIGKILL);
    waitpid(process_, nullptr, 0);
}

void MirrorProcess::signal(int number) const {
    kill(process_, number);
}

std::string MirrorProcess::output() const {
    std::ifstream input(log_, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

MirrorOutcome MirrorProcess::wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), output()};
}

std::vector<std::string> source_arguments(const RunningProgram& program, const TemporaryFolder& folder) {
    const auto key_file = (folder / "key").string();
    std::ofstream(key_file) << program.key() << '\n';
    const auto certificate = std::filesystem::path(program.database()).parent_path() / "certificate.pem";
    return {"--from",     "https://localhost:" + std::to_string(program.port()),
            "--key-file", key_file,
            "--ca-file",  certificate.string()};
}

MirrorOutcome run_mirror(const TemporaryFolder& folder, std::vector<std::string> arguments) {
    return MirrorProcess(folder, arguments).wait();
}

Copy read_sqlite_copy(const std::string& file) {
    Copy copy;
    query(file, "SELECT cv_id, json FROM cv LEFT JOIN document USING(cv)",
          [&](sqlite3_stmt* row) { copy[text_of(row, 0)] = text_of(row, 1); });
    return copy;
}

std::int64_t sqlite_number(const std::string& file, const std::string& sql) {
    std::int64_t number = -1;
    query(file, sql, [&](sqlite3_stmt* row) { number = sqlite3_column_int64(row, 0); });
    return number;
}

std::string sqlite_text(const std::string& file, const std::string& sql) {
    std::string text;
    query(file, sql, [&](sqlite3_stmt* row) { text = text_of(row, 0); });
    return text;
}

void copy_sqlite(const std::string& file, const std::string& to) {
    for (const char* suffix : {"", "-journal", "-wal"}) {
        std::filesystem::remove(to + suffix);
        if (std::filesystem::exists(file + suffix)) std::filesystem::copy_file(file + suffix, to + suffix);
    }
    std::filesystem::remove(to + "-shm");
    query(
        to, "SELECT count(*) FROM sqlite_schema", [](sqlite3_stmt*) {}, SQLITE_OPEN_READWRITE);
}

void spoil_sqlite(const std::string& file, const std::string& sql) {
    const auto database = open_database(file, SQLITE_OPEN_READWRITE);
    if (sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(database.get()));
    }
}

std::string small_document(int n, const std::string& text) {
    const std::string digits = std::to_string(n);
    const std::string id = std::string(8 - digits.size(), '0') + digits + "-0000-4000-8000-000000000000";
    return R"({"cvId":")" + id +
           R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","natuurlijkPersoon":{"achternaam":")" + text +
           R"("},"competenties":[{"type":"talen","code":"N","niveau":"3"},{"type":"vrijeCompetentie","naam":")" + text +
           R"("}],"gewensteJob":{"arbeidsRegimes":["V"],"regios":["BE231A"]}})";
}

std::string id_of(const std::string& document) {
    return document.substr(9, 36);
}

void put_document(const RunningProgram& program, const std::string& document) {
    const auto response = ask(program.administration_port(), program.administration_key(),
                              {"PUT", "/beheer/v1/kandidaten/" + id_of(document), {}, document});
    if (response.status >= 300) throw std::runtime_error("PUT: " + response.body);
}

void erase_document(const RunningProgram& program, const std::string& id) {
    const auto response = ask(program.administration_port(), program.administration_key(),
                              {"DELETE", "/beheer/v1/kandidaten/" + id, {}, ""});
    if (response.status >= 300) throw std::runtime_error("DELETE: " + response.body);
}

}  // namespace cvstroom::test
