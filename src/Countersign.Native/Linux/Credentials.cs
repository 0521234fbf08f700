namespace Countersign.Native;

/// <summary>A user of the system with its primary group.</summary>
public readonly record struct UserIdentity(uint User, uint Group);

/// <summary>
/// Leaving root behind as the `user` directive asks, yet keeping what a reload needs: reading root-only keys and
/// binding low ports, and where it cannot do without, writing in folders of root's. Results are 0 or a negative error number.
/// </summary>
public static unsafe class Credentials
{
    private const int WriteAnyFile = 1; // CAP_DAC_OVERRIDE
    private const int ReadAnyFile = 2; // CAP_DAC_READ_SEARCH
    private const int BindLowPorts = 10; // CAP_NET_BIND_SERVICE
    private const uint Kept = 1u << WriteAnyFile | 1u << ReadAnyFile | 1u << BindLowPorts;
    private const uint CapabilityVersion = 0x20080522;

    public static bool IsRoot => NativeProcess.EffectiveUser() == 0;

    public static uint EffectiveUser => NativeProcess.EffectiveUser();

    /// <summary>getpwnam; -ENOENT when there is no such user.</summary>
    public static int FindUser(string name, out UserIdentity identity)
    {
        identity = default;
        var buffer = new byte[16384];
        fixed (byte* storage = buffer, text = FileDescriptor.PathBytes(name))
        {
            NativeProcess.UserEntry entry;
            NativeProcess.UserEntry* found;
            var error = NativeProcess.UserByName(text, &entry, storage, (nuint)buffer.Length, &found);
            if (found is null)
            {
                return -(error == 0 ? Errno.NoEntry : error);
            }
            identity = new UserIdentity(entry.User, entry.Group);
            return 0;
        }
    }

    /// <summary>getgrnam; -ENOENT when there is no such group.</summary>
    public static int FindGroup(string name, out uint group)
    {
        group = 0;
        // A group with thousands of members needs a large buffer.
        var buffer = new byte[262144];
        fixed (byte* storage = buffer, text = FileDescriptor.PathBytes(name))
        {
            NativeProcess.GroupEntry entry;
            NativeProcess.GroupEntry* found;
            var error = NativeProcess.GroupByName(text, &entry, storage, (nuint)buffer.Length, &found);
            if (found is null)
            {
                return -(error == 0 ? Errno.NoEntry : error);
            }
            group = entry.Group;
            return 0;
        }
    }

    /// <summary>
    /// Every thread becomes <paramref name="user"/>. The calling thread, and those it starts later, keep those
    /// capabilities permitted but not effective; all other threads lose everything. So the thread that will reload
    /// must make this call, or be started afterwards by the thread that made it. See <see cref="GiveUpWriting"/>.
    /// </summary>
    public static int Become(string userName, uint user, uint group)
    {
        int result;
        fixed (byte* name = FileDescriptor.PathBytes(userName))
        {
            result = Errno.Of(NativeProcess.SetGroup(group, group, group));
            if (result == 0)
            {
                result = Errno.Of(NativeProcess.InitializeGroups(name, group));
            }
        }
        if (result == 0)
        {
            result = Errno.Of(NativeProcess.Control(NativeProcess.KeepCapabilities, 1, 0, 0, 0));
        }
        if (result == 0)
        {
            result = Errno.Of(NativeProcess.SetUser(user, user, user));
        }
        if (result == 0 && user != 0)
        {
            result = Narrow(Kept);
        }
        // A changed user makes the process undumpable, which hides its own /proc/self from it.
        _ = NativeProcess.Control(NativeProcess.SetDumpable, 1, 0, 0, 0);
        return result;
    }

    /// <summary>Makes the kept capabilities effective on the calling thread only, until the scope is disposed on that thread.</summary>
    public static RaisedCapabilities Raise()
    {
        _ = ChangeEffective(permitted => permitted & Kept, onlyAdd: true);
        return default;
    }

    /// <summary>Disposing lowers the calling thread again; nothing happens for a process that is still root.</summary>
    public readonly struct RaisedCapabilities : IDisposable
    {
        public void Dispose()
        {
            if (!IsRoot)
            {
                _ = ChangeEffective(_ => 0, onlyAdd: false);
            }
        }
    }

    /// <summary>Permitted and effective capabilities (first 32) of the calling thread.</summary>
    public static (uint Permitted, uint Effective) Capabilities
    {
        get
        {
            var data = stackalloc NativeProcess.CapabilityData[2];
            return Read(data) < 0 ? default : (data[0].Permitted, data[0].Effective);
        }
    }

    /// <summary>The calling thread gives up for good what <see cref="Become"/> kept; nothing happens for a process that is still root.</summary>
    public static void GiveUp()
    {
        if (!IsRoot)
        {
            var data = stackalloc NativeProcess.CapabilityData[2];
            data[0] = data[1] = default;
            _ = Write(data);
        }
    }

    /// <summary>
    /// The calling thread gives up for good what lets it write in root's folders. Nothing happens in a container without
    /// CAP_DAC_READ_SEARCH: there root itself reads other users' files by nothing else.
    /// </summary>
    public static void GiveUpWriting()
    {
        if (!IsRoot && (Capabilities.Permitted & 1u << ReadAnyFile) != 0)
        {
            _ = Narrow(Kept & ~(1u << WriteAnyFile));
        }
    }

    private static int Narrow(uint kept)
    {
        var data = stackalloc NativeProcess.CapabilityData[2];
        var result = Read(data);
        if (result < 0)
        {
            return result;
        }
        data[0] = new NativeProcess.CapabilityData { Permitted = data[0].Permitted & kept };
        data[1] = default;
        return Write(data);
    }

    private static int ChangeEffective(Func<uint, uint> wanted, bool onlyAdd)
    {
        var data = stackalloc NativeProcess.CapabilityData[2];
        var result = Read(data);
        if (result < 0)
        {
            return result;
        }
        var effective = wanted(data[0].Permitted);
        data[0].Effective = onlyAdd ? data[0].Effective | effective : effective;
        return Write(data);
    }

    private static int Read(NativeProcess.CapabilityData* data)
    {
        var header = new NativeProcess.CapabilityHeader { Version = CapabilityVersion };
        return (int)Errno.Of(NativeProcess.Capabilities(NativeProcess.CapabilityGetNumber, &header, data));
    }

    private static int Write(NativeProcess.CapabilityData* data)
    {
        var header = new NativeProcess.CapabilityHeader { Version = CapabilityVersion };
        return (int)Errno.Of(NativeProcess.Capabilities(NativeProcess.CapabilitySetNumber, &header, data));
    }
}
