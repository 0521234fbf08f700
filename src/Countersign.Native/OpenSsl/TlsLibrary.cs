using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// The library context (OSSL_LIB_CTX) that TLS and certificates live in. It has all that OpenSSL's default provider has, but of its decoders
/// only those of a certificate's public key: for each certificate that a client sends, OpenSSL 3.0 asks every decoder there is, over and
/// over and each time under four locks. Threads that handshake have one each, so that these locks are nobody else's.
/// See docs/decisions/0010.
/// </summary>
public static unsafe class TlsLibrary
{
    // For good: libcrypto points at them.
    private static nint _default;
    private static NativeAlgorithm* _decoders;
    private static NativeFunction* _functions;

    private static readonly Lazy<nint> First = new(Create);

    private static readonly Lock Gate = new();
    private static readonly List<nint> Others = [];

    // The default library itself.
    private static nint _everybody;

    // The default provider whose state a new library's provider takes over.
    private static nint _source;

    [ThreadStatic]
    private static int t_number;

    [ThreadStatic]
    private static nint t_other;

    /// <summary>
    /// The calling thread's. 0, the default library, where openssl.cnf says something about it: other providers (FIPS, a token's), properties
    /// to choose algorithms by, or where randomness comes from. A library of one's own knows nothing of that.
    /// </summary>
    internal static nint Handle => t_other == 0 ? First.Value : t_other;

    /// <summary>Which one that is: 0 for the first, which every thread has that did not ask for another.</summary>
    internal static int Number => t_number;

    /// <summary>
    /// From now on what the calling thread makes lives in a library of that number, for good, and what is of no library uses its locks; threads with the
    /// same number share it. 0 is the first.
    /// Where there can be only the default library everything stays there.
    /// </summary>
    public static void Separate(int number)
    {
        if (number <= 0 || First.Value == 0)
        {
            return;
        }
        lock (Gate)
        {
            while (Others.Count < number)
            {
                Others.Add(0);
            }
            ref var other = ref CollectionsMarshal.AsSpan(Others)[number - 1];
            other = other == 0 ? NewOther() : other;
            (t_number, t_other) = other == 0 ? (0, 0) : (number, other);
            if (other != 0)
            {
                // What libcrypto looks up for no library in particular, the application data of each object for one, has a lock, too.
                _ = NativeProvider.SetDefault(other);
            }
            NativeError.Clear();
        }
    }

    /// <summary>Until it is disposed the calling thread has the default library where none is named: only there are the decoders of private keys.</summary>
    internal static DefaultLibrary InDefault() => new(t_other);

    internal readonly ref struct DefaultLibrary : IDisposable
    {
        private readonly nint _own;

        internal DefaultLibrary(nint own)
        {
            _own = own;
            if (own != 0)
            {
                _ = NativeProvider.SetDefault(_everybody);
            }
        }

        public void Dispose()
        {
            if (_own != 0)
            {
                _ = NativeProvider.SetDefault(_own);
            }
        }
    }

    private static nint Create()
    {
        try
        {
            return HasOnlyDefaultProvider() && !IsConfigured() && Prepare() ? NewLibrary(_default) : 0;
        }
        finally
        {
            NativeError.Clear();
        }
    }

    private static bool HasOnlyDefaultProvider()
    {
        var found = default(FoundProviders);
        _ = NativeProvider.ForEach(0, (delegate* unmanaged[Cdecl]<nint, FoundProviders*, int>)&OnProvider, &found);
        return found is { Default: 1, Other: 0 };
    }

    // In the section that OpenSSL took at its start: nginx's, or everybody's.
    private static bool IsConfigured()
    {
        var file = NativeConfigurationFile.New(0);
        var path = NativeConfigurationFile.DefaultPath();
        nint line;
        fixed (byte* nginx = "nginx\0"u8, everybody = "openssl_conf\0"u8, properties = "alg_section\0"u8, random = "random\0"u8)
        {
            var isConfigured = false;
            if (path != null && NativeConfigurationFile.Load(file, path, &line) == 1)
            {
                var section = NativeConfigurationFile.Value(file, null, nginx);
                section = section == null ? NativeConfigurationFile.Value(file, null, everybody) : section;
                isConfigured = section != null
                    && (NativeConfigurationFile.Value(file, section, properties) != null || NativeConfigurationFile.Value(file, section, random) != null);
            }
            NativeCrypto.FreeMemory(path, null, 0);
            NativeConfigurationFile.Free(file);
            return isConfigured;
        }
    }

    private static bool Prepare()
    {
        fixed (byte* name = "default\0"u8)
        {
            _default = NativeProvider.Load(0, name);
        }
        if (_default == 0)
        {
            return false;
        }
        _everybody = NativeProvider.SetDefault(0);
        _decoders = Permanent<NativeAlgorithm>(PublicKeyDecoders());
        _functions = Permanent<NativeFunction>(
        [
            new(NativeProvider.FunctionQuery, (delegate* unmanaged[Cdecl]<nint, int, int*, NativeAlgorithm*>)&OnQuery),
            new(NativeProvider.FunctionCapabilities, (delegate* unmanaged[Cdecl]<nint, byte*, void*, void*, int>)&OnCapabilities),
            default,
        ]);
        return true;
    }

    // Those of SubjectPublicKeyInfo, but not the one that only finds out whose it is: that the certificate has said.
    private static List<NativeAlgorithm> PublicKeyDecoders()
    {
        var isNotKept = 0;
        var decoders = new List<NativeAlgorithm>();
        for (var each = NativeProvider.Query(_default, NativeProvider.Decoders, &isNotKept); each != null && each->Names != null; each++)
        {
            var properties = NativeText.String(each->Properties).Split(',');
            if (properties.Contains("structure=SubjectPublicKeyInfo") && NativeText.String(each->Names) != "DER")
            {
                decoders.Add(*each);
            }
        }
        decoders.Add(default);
        return decoders;
    }

    // The algorithms look up one another where the default provider was loaded, so that one has a library to itself as well.
    private static nint NewOther()
    {
        var behind = NativeProvider.NewLibrary();
        fixed (byte* name = "default\0"u8)
        {
            var source = behind == 0 ? 0 : NativeProvider.Load(behind, name);
            var library = source == 0 ? 0 : NewLibrary(source);
            if (library == 0)
            {
                NativeProvider.FreeLibrary(behind);
            }
            return library;
        }
    }

    private static nint NewLibrary(nint source)
    {
        _source = source;
        var library = NativeProvider.NewLibrary();
        fixed (byte* name = "countersign\0"u8)
        {
            if (library != 0 && NativeProvider.AddBuiltIn(library, name, (delegate* unmanaged[Cdecl]<nint, void*, NativeFunction**, nint*, int>)&OnStart) == 1
                && NativeProvider.Load(library, name) != 0)
            {
                return library;
            }
        }
        NativeProvider.FreeLibrary(library);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProvider(nint provider, FoundProviders* found)
    {
        if (NativeText.String(NativeProvider.Name(provider)) == "default")
        {
            found->Default++;
        }
        else
        {
            found->Other++;
        }
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnStart(nint core, void* coreFunctions, NativeFunction** functions, nint* state)
    {
        *functions = _functions;
        *state = NativeProvider.State(_source);
        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NativeAlgorithm* OnQuery(nint state, int operation, int* isNotKept)
    {
        if (operation != NativeProvider.Decoders)
        {
            return NativeProvider.Query(_default, operation, isNotKept);
        }
        *isNotKept = 0;
        return _decoders;
    }

    // Among them the groups that TLS may negotiate.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCapabilities(nint state, byte* capability, void* callback, void* argument) =>
        NativeProvider.Capabilities(_default, capability, callback, argument);

    private static T* Permanent<T>(List<T> items)
        where T : unmanaged
    {
        var copy = (T*)NativeMemory.Alloc((nuint)items.Count, (nuint)sizeof(T));
        CollectionsMarshal.AsSpan(items).CopyTo(new Span<T>(copy, items.Count));
        return copy;
    }

    private struct FoundProviders
    {
        public int Default;
        public int Other;
    }
}
