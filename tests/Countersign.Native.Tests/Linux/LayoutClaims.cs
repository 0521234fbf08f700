using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native.Tests.Linux;

/// <summary>C expressions and what the bindings take them for, by processor where that makes a difference.</summary>
internal static unsafe class LayoutClaims
{
    public static List<(string C, long Ours)> OfTheLibrary(Architecture processor) =>
    [
        .. Errors(),
        .. Sockets(),
        .. Processes(processor),
        .. Files(processor),
        ("sizeof(long)", sizeof(nint)), ("sizeof(off_t)", sizeof(long)), ("sizeof(time_t)", sizeof(long)), ("sizeof(socklen_t)", sizeof(uint)),
        ("sizeof(mode_t)", sizeof(uint)), ("sizeof(uid_t)", sizeof(uint)), ("sizeof(gid_t)", sizeof(uint)), ("sizeof(pid_t)", sizeof(int)),
        ("sizeof(clockid_t)", sizeof(int)),
    ];

    private static (string, long)[] Errors() =>
    [
        ("EPERM", Errno.NotPermitted), ("ENOENT", Errno.NoEntry), ("EINTR", Errno.Interrupted), ("EBADF", Errno.BadDescriptor),
        ("EAGAIN", Errno.Again), ("EACCES", Errno.AccessDenied), ("EEXIST", Errno.Exists), ("ENOTDIR", Errno.NotDirectory),
        ("EISDIR", Errno.IsDirectory), ("EINVAL", Errno.Invalid), ("ENFILE", Errno.TableFull), ("EMFILE", Errno.TooManyFiles),
        ("ENOSPC", Errno.NoSpace), ("EPIPE", Errno.BrokenPipe), ("ENAMETOOLONG", Errno.NameTooLong), ("ELOOP", Errno.TooManyLinks),
        ("ECONNABORTED", Errno.ConnectionAborted), ("ECONNRESET", Errno.ConnectionReset), ("ENOTCONN", Errno.NotConnected),
        ("EADDRINUSE", Errno.AddressInUse), ("EADDRNOTAVAIL", Errno.AddressNotAvailable), ("ENETDOWN", Errno.NetworkDown),
        ("ENETUNREACH", Errno.NetworkUnreachable), ("ENOBUFS", Errno.NoBuffers), ("ETIMEDOUT", Errno.TimedOut),
        ("ECONNREFUSED", Errno.ConnectionRefused), ("EHOSTDOWN", Errno.HostDown), ("EHOSTUNREACH", Errno.HostUnreachable),
        ("EINPROGRESS", Errno.InProgress),
    ];

    private static (string, long)[] Sockets() =>
    [
        ("SOCK_NONBLOCK", NativeSocket.NonBlocking), ("SOCK_CLOEXEC", NativeSocket.CloseOnExec), ("MSG_NOSIGNAL", NativeSocket.NoSignal),
        ("MSG_PEEK", NativeSocket.Peek), ("SOCK_STREAM", (long)SocketKind.Stream), ("SOCK_DGRAM", (long)SocketKind.Datagram),
        ("SOL_SOCKET", NativeSocket.SocketLevel), ("SO_REUSEADDR", NativeSocket.ReuseAddress), ("SO_ERROR", NativeSocket.PendingError),
        ("SO_SNDBUF", NativeSocket.SendBuffer), ("SO_RCVBUF", NativeSocket.ReceiveBuffer), ("SO_KEEPALIVE", NativeSocket.KeepAlive),
        ("SO_LINGER", NativeSocket.Linger), ("SO_REUSEPORT", NativeSocket.ReusePort), ("IPPROTO_TCP", NativeSocket.TcpLevel),
        ("TCP_NODELAY", NativeSocket.NoDelay), ("TCP_CORK", NativeSocket.Cork), ("TCP_KEEPIDLE", NativeSocket.KeepIdle),
        ("TCP_KEEPINTVL", NativeSocket.KeepInterval), ("TCP_KEEPCNT", NativeSocket.KeepCount), ("TCP_DEFER_ACCEPT", NativeSocket.DeferAccept),
        ("TCP_FASTOPEN", NativeSocket.FastOpen), ("TCP_INFO", NativeSocket.Information), ("IPPROTO_IP", NativeSocket.IPv4Level),
        ("IP_BIND_ADDRESS_NO_PORT", NativeSocket.BindAddressNoPort), ("IPPROTO_IPV6", NativeSocket.IPv6Level), ("IPV6_V6ONLY", NativeSocket.OnlyIPv6),
        ("AF_UNSPEC", (long)SocketFamily.Unspecified), ("AF_UNIX", (long)SocketFamily.Unix), ("AF_INET", (long)SocketFamily.IPv4),
        ("AF_INET6", (long)SocketFamily.IPv6), ("SHUT_WR", 1), ("SHUT_RDWR", 2),
        ("sizeof(struct iovec)", sizeof(NativeSocket.Piece)), At("struct iovec", "iov_len", (NativeSocket.Piece* it) => &it->Length),
        ("sizeof(struct msghdr)", sizeof(NativeSocket.Message)), At("struct msghdr", "msg_iov", (NativeSocket.Message* it) => &it->Pieces),
        At("struct msghdr", "msg_iovlen", (NativeSocket.Message* it) => &it->PieceCount),
        At("struct msghdr", "msg_control", (NativeSocket.Message* it) => &it->Control),
        At("struct msghdr", "msg_controllen", (NativeSocket.Message* it) => &it->ControlLength),
        At("struct msghdr", "msg_flags", (NativeSocket.Message* it) => &it->Flags),
        ("sizeof(struct sockaddr_in)", 16), ("offsetof(struct sockaddr_in, sin_port)", 2), ("offsetof(struct sockaddr_in, sin_addr)", 4),
        ("sizeof(struct sockaddr_in6)", 28), ("offsetof(struct sockaddr_in6, sin6_addr)", 8), ("offsetof(struct sockaddr_in6, sin6_scope_id)", 24),
        ("offsetof(struct sockaddr_un, sun_path)", 2), ("sizeof(((struct sockaddr_un *)0)->sun_path)", 108),
        ("sizeof(struct linger)", 8), ("offsetof(struct linger, l_linger)", 4),
        // The fields of 32 bits by their number, as TryGetTcpInformation counts them.
        ("offsetof(struct tcp_info, tcpi_rtt)", 4 * 17), ("offsetof(struct tcp_info, tcpi_rttvar)", 4 * 18),
        ("offsetof(struct tcp_info, tcpi_snd_cwnd)", 4 * 20), ("offsetof(struct tcp_info, tcpi_rcv_space)", 4 * 24),
        ("offsetof(struct tcp_info, tcpi_state)", 0), ("TCP_CLOSE_WAIT", TcpInformation.CloseWait),
    ];

    private static (string, long)[] Processes(Architecture processor) =>
    [
        ("SYS_gettid", NativeProcess.Numbers(processor).ThreadId), ("SYS_capget", NativeProcess.Numbers(processor).CapabilityGet),
        ("SYS_capset", NativeProcess.Numbers(processor).CapabilitySet), ("RLIMIT_NOFILE", NativeProcess.OpenFiles),
        ("(intptr_t)SIG_IGN", NativeProcess.Ignore), ("SIGHUP", CurrentProcess.SignalHangUp), ("SIGINT", CurrentProcess.SignalInterrupt),
        ("SIGQUIT", CurrentProcess.SignalQuit), ("SIGUSR1", CurrentProcess.SignalUser1), ("SIGUSR2", CurrentProcess.SignalUser2),
        ("SIGPIPE", CurrentProcess.SignalBrokenPipe), ("SIGTERM", CurrentProcess.SignalTerminate),
        ("sizeof(cpu_set_t)", 128), ("sizeof(struct rlimit)", sizeof(NativeProcess.ResourceLimit)),
        At("struct rlimit", "rlim_max", (NativeProcess.ResourceLimit* it) => &it->Maximum),
        ("sizeof(struct passwd)", sizeof(NativeProcess.UserEntry)), At("struct passwd", "pw_uid", (NativeProcess.UserEntry* it) => &it->User),
        At("struct passwd", "pw_gid", (NativeProcess.UserEntry* it) => &it->Group),
        ("sizeof(struct group)", sizeof(NativeProcess.GroupEntry)), At("struct group", "gr_gid", (NativeProcess.GroupEntry* it) => &it->Group),
    ];

    private static (string, long)[] Files(Architecture processor) =>
    [
        ("SYS_statx", NativeFile.StatisticsNumberOf(processor)), ("AT_FDCWD", NativeFile.CurrentFolder), ("AT_EMPTY_PATH", NativeFile.EmptyPath),
        ("O_RDONLY", (long)OpenFlags.ReadOnly), ("O_WRONLY", (long)OpenFlags.WriteOnly), ("O_RDWR", (long)OpenFlags.ReadWrite),
        ("O_CREAT", (long)OpenFlags.Create), ("O_EXCL", (long)OpenFlags.Exclusive), ("O_TRUNC", (long)OpenFlags.Truncate),
        ("O_APPEND", (long)OpenFlags.Append), ("O_NONBLOCK", (long)OpenFlags.NonBlocking), ("O_CLOEXEC", FileDescriptor.CloseOnExec),
        ("S_IFMT", 0xF000), ("S_IFREG", 0x8000), ("S_IFDIR", 0x4000),
        ("EPOLL_CLOEXEC", NativePoll.CloseOnExec), ("EFD_CLOEXEC", NativePoll.CloseOnExec), ("EFD_NONBLOCK", NativePoll.EventFdNonBlocking),
        ("TFD_CLOEXEC", NativePoll.CloseOnExec), ("TFD_NONBLOCK", NativePoll.EventFdNonBlocking), ("TFD_TIMER_ABSTIME", NativePoll.AbsoluteTime),
        ("CLOCK_MONOTONIC", NativePoll.MonotonicClock), ("sizeof(struct itimerspec)", 4 * sizeof(nint)),
        ("offsetof(struct itimerspec, it_value)", 2 * sizeof(nint)), ("offsetof(struct timespec, tv_nsec)", sizeof(nint)),
        ("EPOLL_CTL_ADD", NativePoll.Add), ("EPOLL_CTL_DEL", NativePoll.Delete), ("EPOLL_CTL_MOD", NativePoll.Modify),
        ("EPOLLIN", (long)EpollFlags.In), ("EPOLLOUT", (long)EpollFlags.Out), ("EPOLLERR", (long)EpollFlags.Error),
        ("EPOLLHUP", (long)EpollFlags.HangUp), ("EPOLLRDHUP", (long)EpollFlags.ReadHangUp),
        ("(uint32_t)EPOLLEXCLUSIVE", (long)EpollFlags.Exclusive), ("(uint32_t)EPOLLET", (long)EpollFlags.EdgeTriggered),
        ("sizeof(struct epoll_event)", Epoll.StrideOf(processor)), ("offsetof(struct epoll_event, data)", Epoll.StrideOf(processor) - sizeof(ulong)),
    ];

    public static (string, long)[] OfTheKernel() =>
    [
        ("PR_SET_KEEPCAPS", NativeProcess.KeepCapabilities), ("PR_SET_DUMPABLE", NativeProcess.SetDumpable),
        ("_LINUX_CAPABILITY_VERSION_3", 0x20080522), ("CAP_DAC_READ_SEARCH", 2), ("CAP_NET_BIND_SERVICE", 10),
        ("sizeof(struct __user_cap_header_struct)", sizeof(NativeProcess.CapabilityHeader)),
        ("sizeof(struct __user_cap_data_struct)", sizeof(NativeProcess.CapabilityData)),
        ("STATX_BASIC_STATS", NativeFile.BasicStatistics), ("sizeof(struct statx)", sizeof(NativeFile.StatisticsBuffer)),
        At("struct statx", "stx_nlink", (NativeFile.StatisticsBuffer* it) => &it->Links), At("struct statx", "stx_uid", (NativeFile.StatisticsBuffer* it) => &it->User),
        At("struct statx", "stx_gid", (NativeFile.StatisticsBuffer* it) => &it->Group), At("struct statx", "stx_mode", (NativeFile.StatisticsBuffer* it) => &it->Mode),
        At("struct statx", "stx_ino", (NativeFile.StatisticsBuffer* it) => &it->Inode), At("struct statx", "stx_size", (NativeFile.StatisticsBuffer* it) => &it->Size),
        At("struct statx", "stx_mtime.tv_sec", (NativeFile.StatisticsBuffer* it) => &it->ModifiedSeconds),
        At("struct statx", "stx_mtime.tv_nsec", (NativeFile.StatisticsBuffer* it) => &it->ModifiedNanoseconds),
        At("struct statx", "stx_dev_major", (NativeFile.StatisticsBuffer* it) => &it->DeviceMajor),
        At("struct statx", "stx_dev_minor", (NativeFile.StatisticsBuffer* it) => &it->DeviceMinor),
    ];

    private delegate void* Field<T>(T* it) where T : unmanaged;

    private static (string, long) At<T>(string type, string name, Field<T> field) where T : unmanaged
    {
        Unsafe.SkipInit(out T room);
        return ($"offsetof({type}, {name})", (byte*)field(&room) - (byte*)&room);
    }
}
