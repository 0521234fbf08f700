using System.Runtime.InteropServices;

namespace Countersign.Native;

internal static unsafe partial class NativeProcess
{
    public const int KeepCapabilities = 8;
    public const int SetDumpable = 4;
    public const int OpenFiles = 7;
    public const nint Ignore = 1;

    public static nint ThreadIdNumber { get; } = Numbers(RuntimeInformation.ProcessArchitecture).ThreadId;

    public static nint CapabilityGetNumber { get; } = Numbers(RuntimeInformation.ProcessArchitecture).CapabilityGet;

    public static nint CapabilitySetNumber { get; } = Numbers(RuntimeInformation.ProcessArchitecture).CapabilitySet;

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    public static partial int ClockOf(int process, int* clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int ReadClock(int clock, nint* time);

    /// <summary>Comes back only when it failed.</summary>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments);

    /// <summary>A static buffer for unknown numbers only; the known texts are constants of the C library.</summary>
    [LibraryImport("libc", EntryPoint = "strerror")]
    private static partial byte* StringOfError(int error);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    public static partial nint Signal(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    /// <summary>Returns the error number itself, not through errno; a missing entry is 0 with a null result.</summary>
    [LibraryImport("libc", EntryPoint = "getpwnam_r")]
    public static partial int UserByName(byte* name, UserEntry* entry, byte* buffer, nuint length, UserEntry** result);

    /// <inheritdoc cref="UserByName"/>
    [LibraryImport("libc", EntryPoint = "getgrnam_r")]
    public static partial int GroupByName(byte* name, GroupEntry* entry, byte* buffer, nuint length, GroupEntry** result);

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true)]
    public static partial int InitializeGroups(byte* user, uint group);

    /// <summary>The C library's wrapper: it changes every thread. The bare system call changes only the calling one.</summary>
    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    public static partial int SetGroup(uint real, uint effective, uint saved);

    /// <inheritdoc cref="SetGroup"/>
    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    public static partial int SetUser(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Capabilities(nint number, CapabilityHeader* header, CapabilityData* data);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Plain(nint number);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, ResourceLimit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, ResourceLimit* limit);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nuint length, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int thread, nuint length, byte* mask);

    /// <summary>With 0 for both, the calling thread's alone: POSIX would have it the process's, Linux does not.</summary>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint who, int niceness);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    public static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint FileMask(uint mask);

    public static string ErrorText(int error) => Marshal.PtrToStringUTF8((nint)StringOfError(error)) ?? $"Unknown error {error}";

    /// <summary>System calls by number: gettid has no wrapper in older C libraries, the other two have none at all.</summary>
    public static (nint ThreadId, nint CapabilityGet, nint CapabilitySet) Numbers(Architecture processor) =>
        processor == Architecture.X64 ? (186, 125, 126) : (178, 90, 91);

    /// <summary>struct passwd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UserEntry
    {
        public byte* Name;
        public byte* Password;
        public uint User;
        public uint Group;
        public byte* Comment;
        public byte* Home;
        public byte* Shell;
    }

    /// <summary>struct group.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct GroupEntry
    {
        public byte* Name;
        public byte* Password;
        public uint Group;
        public byte** Members;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct CapabilityHeader
    {
        public uint Version;
        public int Thread;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct CapabilityData
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
