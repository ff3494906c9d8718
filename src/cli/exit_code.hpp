// What the program's exit code tells a script.
#pragma once

namespace cvstroom::cli {

enum ExitCode : int {
    exit_success = 0,
    exit_failure = 1,  // it could not be done; the message says why
    exit_usage = 2,    // the command line is wrong
    exit_partial = 3,  // done, but something in the input was refused or unknown; it was reported
};

}  // namespace cvstroom::cli
