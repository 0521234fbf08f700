using System.Text;

namespace Countersign.Native;

/// <summary>open(2) flags; every open adds close-on-exec.</summary>
[Flags]
public enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    Create = 0x40,
    Exclusive = 0x80,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
}

/// <summary>What stat(2) knows of a file. Two files are the same when device and inode are.</summary>
public readonly record struct FileStatus(
    uint Mode, uint Links, uint User, uint Group, ulong Device, ulong Inode, long Size, long ModifiedSeconds, uint ModifiedNanoseconds)
{
    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    public bool IsFolder => (Mode & 0xF000) == 0x4000;

    public bool IsSocket => (Mode & 0xF000) == 0xC000;
}

/// <summary>File calls on descriptors and paths. All return a negative error number on failure, ENOSPC included.</summary>
public static unsafe class FileDescriptor
{
    internal const int CloseOnExec = 0x80000;
    private const int StackPath = 512;

    public static int Open(string path, OpenFlags flags, uint mode = 0x1A4)
    {
        fixed (byte* name = PathBytes(path))
        {
            return Errno.Of(NativeFile.Open(name, (int)flags | CloseOnExec, mode));
        }
    }

    /// <summary>For a path that came off the wire: its bytes as they are, whatever their encoding.</summary>
    public static int Open(ReadOnlySpan<byte> path, OpenFlags flags, uint mode = 0x1A4)
    {
        Span<byte> room = stackalloc byte[path.Length < StackPath ? path.Length + 1 : 0];
        fixed (byte* name = Terminated(path, room))
        {
            return name is null ? -Errno.NoEntry : Errno.Of(NativeFile.Open(name, (int)flags | CloseOnExec, mode));
        }
    }

    /// <summary>Standard input and output, and standard error when asked, go to /dev/null from now on.</summary>
    public static void Silence(bool errorsToo)
    {
        var nothing = Open("/dev/null", OpenFlags.ReadWrite);
        if (nothing < 0)
        {
            return;
        }
        for (var standard = 0; standard <= (errorsToo ? 2 : 1); standard++)
        {
            _ = NativeFile.Duplicate(nothing, standard);
        }
        _ = Close(nothing);
    }

    /// <summary>What is written to standard error goes to this file from now on.</summary>
    public static int BecomeStandardError(int descriptor) => Errno.Of(NativeFile.Duplicate(descriptor, 2));

    /// <summary>What was the one file's number is the other's from now on, for whoever is about to write, too; <paramref name="other"/> is closed.</summary>
    /// <returns>The number, or a negative error number.</returns>
    public static int Replace(int descriptor, int other)
    {
        var result = Errno.Of(NativeFile.Duplicate(other, descriptor, CloseOnExec));
        _ = Close(other);
        return result;
    }

    public static int Close(int descriptor) => Errno.Of(NativeFile.Close(descriptor));

    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Errno.Of(NativeFile.Read(descriptor, start, (nuint)buffer.Length));
        }
    }

    public static int ReadAt(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            return (int)Errno.Of(NativeFile.ReadAt(descriptor, start, (nuint)buffer.Length, offset));
        }
    }

    /// <returns>Bytes written, perhaps fewer than given, or a negative error number.</returns>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return (int)Errno.Of(NativeFile.Write(descriptor, start, (nuint)bytes.Length));
        }
    }

    public static int WriteAt(int descriptor, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            return (int)Errno.Of(NativeFile.WriteAt(descriptor, start, (nuint)bytes.Length, offset));
        }
    }

    /// <summary>Sends file bytes straight to a socket and moves <paramref name="offset"/> past them.</summary>
    public static long SendTo(int socket, int file, ref long offset, long length)
    {
        fixed (long* at = &offset)
        {
            return Errno.Of(NativeFile.SendFile(socket, file, at, (nuint)length));
        }
    }

    public static int Status(int descriptor, out FileStatus status)
    {
        byte empty = 0;
        return Status(descriptor, &empty, NativeFile.EmptyPath, out status);
    }

    public static int Status(string path, out FileStatus status)
    {
        fixed (byte* name = PathBytes(path))
        {
            return Status(NativeFile.CurrentFolder, name, 0, out status);
        }
    }

    /// <inheritdoc cref="Open(ReadOnlySpan{byte}, OpenFlags, uint)"/>
    public static int Status(ReadOnlySpan<byte> path, out FileStatus status)
    {
        Span<byte> room = stackalloc byte[path.Length < StackPath ? path.Length + 1 : 0];
        fixed (byte* name = Terminated(path, room))
        {
            if (name is null)
            {
                status = default;
                return -Errno.NoEntry;
            }
            return Status(NativeFile.CurrentFolder, name, 0, out status);
        }
    }

    public static int MakeFolder(string path, uint mode)
    {
        fixed (byte* name = PathBytes(path))
        {
            return Errno.Of(NativeFile.MakeFolder(name, mode));
        }
    }

    /// <summary>The path without symbolic links.</summary>
    public static int RealPath(string path, out byte[] real)
    {
        const int PathMaximum = 4096;
        var room = stackalloc byte[PathMaximum];
        fixed (byte* name = PathBytes(path))
        {
            if (NativeFile.RealPath(name, room) == null)
            {
                real = [];
                return Errno.Of(-1);
            }
        }
        real = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(room).ToArray();
        return 0;
    }

    /// <summary>0 when the process's user, by itself and without any capability, may make and remove files in the folder.</summary>
    public static int MayChange(string folder)
    {
        const int WriteAndSearch = 3;
        fixed (byte* name = PathBytes(folder))
        {
            return Errno.Of(NativeFile.Access(name, WriteAndSearch));
        }
    }

    public static int Unlink(string path)
    {
        fixed (byte* name = PathBytes(path))
        {
            return Errno.Of(NativeFile.Unlink(name));
        }
    }

    public static int Rename(string from, string to)
    {
        fixed (byte* old = PathBytes(from), next = PathBytes(to))
        {
            return Errno.Of(NativeFile.Rename(old, next));
        }
    }

    public static int ChangeOwner(string path, uint user, uint group)
    {
        fixed (byte* name = PathBytes(path))
        {
            return Errno.Of(NativeFile.ChangeOwner(name, user, group));
        }
    }

    public static int ChangeMode(string path, uint mode)
    {
        fixed (byte* name = PathBytes(path))
        {
            return Errno.Of(NativeFile.ChangeMode(name, mode));
        }
    }

    /// <summary>Of a unix socket that is not bound yet: Linux gives its name that mode from the first moment.</summary>
    public static int ChangeMode(int descriptor, uint mode) => Errno.Of(NativeFile.ChangeMode(descriptor, mode));

    public static int Truncate(int descriptor, long length) => Errno.Of(NativeFile.Truncate(descriptor, length));

    // A NUL inside would silently name another, shorter path.
    internal static byte[] PathBytes(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A path cannot contain a NUL byte.", nameof(path));
        }
        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }

    /// <summary>Empty where the path has a NUL inside, or nothing: no file has such a name.</summary>
    private static Span<byte> Terminated(ReadOnlySpan<byte> path, Span<byte> room)
    {
        if (path.IsEmpty || path.Contains((byte)0))
        {
            return default;
        }
        var bytes = path.Length < room.Length ? room : new byte[path.Length + 1];
        path.CopyTo(bytes);
        bytes[path.Length] = 0;
        return bytes;
    }

    private static int Status(int folder, byte* path, int flags, out FileStatus status)
    {
        NativeFile.StatisticsBuffer buffer;
        var result = (int)Errno.Of(NativeFile.Statistics(
            NativeFile.StatisticsNumber, folder, path, flags, NativeFile.BasicStatistics, &buffer));
        status = result < 0 ? default : new FileStatus(
            buffer.Mode, buffer.Links, buffer.User, buffer.Group,
            (ulong)buffer.DeviceMajor << 32 | buffer.DeviceMinor, buffer.Inode, (long)buffer.Size,
            buffer.ModifiedSeconds, buffer.ModifiedNanoseconds);
        return result;
    }
}
