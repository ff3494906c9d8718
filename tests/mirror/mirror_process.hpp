// Runs 'cvstroom mirror' against a running program, whole or until it is killed, and reads the copies that it leaves.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom::test {

struct MirrorOutcome {
    int code = -1;       // 128 + the signal, when it was killed
    std::string output;  // standard output and standard error
};

class MirrorProcess {
  public:
    // Starts it with these arguments, in `folder`, where its output goes to a file.
    MirrorProcess(const TemporaryFolder& folder, const std::vector<std::string>& arguments);
    ~MirrorProcess();
    MirrorProcess(const MirrorProcess&) = delete;
    MirrorProcess& operator=(const MirrorProcess&) = delete;

    void signal(int number) const;
    MirrorOutcome wait();
    std::string output() const;

  private:
    std::string log_;
    pid_t process_ = -1;
};

// The arguments that name the running program's API, its key and its certificate; the key is written to `folder`.
std::vector<std::string> source_arguments(const RunningProgram& program, const TemporaryFolder& folder);

MirrorOutcome run_mirror(const TemporaryFolder& folder, std::vector<std::string> arguments);

// Documents by id.
using Copy = std::map<std::string, std::string>;
Copy read_sqlite_copy(const std::string& file);
std::int64_t sqlite_number(const std::string& file, const std::string& sql);
std::string sqlite_text(const std::string& file, const std::string& sql);
// The files as they are, whatever was left half done, and then opened: what a mirror that was killed left behind is
// dealt with in the copy alone.
void copy_sqlite(const std::string& file, const std::string& to);
// What no mirror does: changes a copy behind its back.
void spoil_sqlite(const std::string& file, const std::string& sql);

// A document in canonical form, small: number `n`, its text `text`.
std::string small_document(int n, const std::string& text);
std::string id_of(const std::string& document);

// Stores or erases at the provider's door; throws unless it is done.
void put_document(const RunningProgram& program, const std::string& document);
void erase_document(const RunningProgram& program, const std::string& id);

}  // namespace cvstroom::test
