#include "audit/queued_write.hpp"

#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

namespace cvstroom::audit {

// The system calls themselves: libaio would add a dependency for three of them.
std::unique_ptr<QueuedWrite> QueuedWrite::open() {
    std::unique_ptr<QueuedWrite> made(new QueuedWrite);
    made->eventfd_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (made->eventfd_ < 0 || syscall(SYS_io_setup, 1U, &made->context_) != 0) return nullptr;
    return made;
}

QueuedWrite::~QueuedWrite() {
    if (context_ != 0) syscall(SYS_io_destroy, context_);
    if (eventfd_ >= 0) close(eventfd_);
}

bool QueuedWrite::submit(const GroupFile::DirectWrite& write) {
    request_ = {};
    request_.aio_lio_opcode = IOCB_CMD_PWRITE;
    request_.aio_fildes = static_cast<std::uint32_t>(write.descriptor);
    request_.aio_buf = reinterpret_cast<std::uint64_t>(write.bytes.data());
    request_.aio_nbytes = write.bytes.size();
    request_.aio_data = write.bytes.size();  // comes back with the outcome
    request_.aio_offset = static_cast<std::int64_t>(write.at);
    request_.aio_rw_flags = RWF_DSYNC;
    request_.aio_flags = IOCB_FLAG_RESFD;
    request_.aio_resfd = static_cast<std::uint32_t>(eventfd_);
    iocb* requests[] = {&request_};
    return syscall(SYS_io_submit, context_, 1L, requests) == 1;
}

std::optional<bool> QueuedWrite::take_outcome(long at_least) {
    io_event event{};
    timespec no_time{};
    const auto count = syscall(SYS_io_getevents, context_, at_least, 1L, &event, at_least > 0 ? nullptr : &no_time);
    if (count != 1) return std::nullopt;
    return event.res == static_cast<std::int64_t>(event.data);
}

bool QueuedWrite::wait() {
    for (;;) {
        if (const auto outcome = take_outcome(1)) return *outcome;
    }
}

}  // namespace cvstroom::audit
