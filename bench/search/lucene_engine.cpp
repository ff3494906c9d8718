#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "bench/search/engines.hpp"

namespace cvstroom::bench {
namespace {

// A program with a pipe to and from it.
class Child {
  public:
    explicit Child(const std::string& command) {
        int to[2];
        int from[2];
        if (pipe(to) != 0 || pipe(from) != 0) give_up("no pipes");
        pid_ = fork();
        if (pid_ == 0) {
            dup2(to[0], 0);
            dup2(from[1], 1);
            for (const int end : {to[0], to[1], from[0], from[1]}) close(end);
            execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
            _exit(127);
        }
        close(to[0]);
        close(from[1]);
        in_ = fdopen(to[1], "w");
        out_ = fdopen(from[0], "r");
    }
    ~Child() {
        fclose(in_);
        fclose(out_);
        waitpid(pid_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void write(const std::string& text) {
        if (fputs(text.c_str(), in_) < 0) give_up("Lucene does not listen any more");
    }
    void flush() { fflush(in_); }
    std::string read_line() {
        char* line = nullptr;
        std::size_t size = 0;
        const auto length = getline(&line, &size, out_);
        if (length <= 0) give_up("Lucene ended too early");
        std::string text(line, static_cast<std::size_t>(length - 1));
        std::free(line);
        return text;
    }

  private:
    pid_t pid_;
    FILE* in_;
    FILE* out_;
};

class Lucene final : public Engine {
  public:
    Lucene(std::string command, std::filesystem::path folder, const index::Dictionary& dictionary)
        : command_(std::move(command)), folder_(std::move(folder)), dictionary_(dictionary) {}
    std::string name() const override { return "Lucene 8"; }

    Loaded load(const Corpus&, const std::filesystem::path& words) override {
        Loaded loaded;
        if (!std::filesystem::exists(folder_)) {
            const auto begin = std::chrono::steady_clock::now();
            const auto command = command_ + " load '" + words.string() + "' '" + folder_.string() + "'";
            if (std::system(command.c_str()) != 0) give_up("Lucene cannot load");
            loaded.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        }
        for (const auto& file : std::filesystem::directory_iterator(folder_)) {
            loaded.bytes += static_cast<double>(file.file_size());
        }
        child_ = std::make_unique<Child>(command_ + " serve '" + folder_.string() + "'");
        if (child_->read_line() != "ready 1") give_up("Lucene's index is not one segment");
        return loaded;
    }
    std::vector<Answer> ask(std::span<const Query* const> queries) override {
        // In pieces that fit the pipes: both sides write.
        std::vector<Answer> answers;
        for (const auto* query : queries) {
            child_->write(line_of(*query, dictionary_) + "\n");
            if (++waiting_ == 50) collect(answers);
        }
        collect(answers);
        return answers;
    }

  private:
    void collect(std::vector<Answer>& answers) {
        child_->write("\n");
        child_->flush();
        for (; waiting_ > 0; --waiting_) {
            std::istringstream line(child_->read_line());
            Answer answer;
            line >> answer.microseconds >> answer.total;
            answer.microseconds /= 1000;
            for (std::uint64_t seq; line >> seq;) answer.page.push_back(seq);
            answers.push_back(std::move(answer));
        }
        child_->read_line();
    }

    std::string command_;
    std::filesystem::path folder_;
    const index::Dictionary& dictionary_;
    std::unique_ptr<Child> child_;
    std::size_t waiting_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_lucene(const std::string& command, const std::filesystem::path& folder,
                                    const index::Dictionary& dictionary) {
    return std::make_unique<Lucene>(command, folder, dictionary);
}

}  // namespace cvstroom::bench
