using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// The library context (OSSL_LIB_CTX) that TLS and certificates live in. It has all that OpenSSL's default provider has, but of its decoders
/// only those of a certificate's public key: for each certificate that a client sends, OpenSSL 3.0 asks every decoder there is, over and
/// over and each time under four locks. See docs/decisions/0010.
/// </summary>
internal static unsafe class TlsLibrary
{
    // For good: libcrypto points at them.
    private static nint _default;
    private static NativeAlgorithm* _decoders;
    private static NativeFunction* _functions;

    private static readonly Lazy<nint> Created = new(Create);

    /// <summary>
    /// 0, the default library, where openssl.cnf says something about it: other providers (FIPS, a token's), properties to choose
    /// algorithms by, or where randomness comes from. A library of one's own knows nothing of that.
    /// </summary>
    public static nint Handle => Created.Value;

    private static nint Create()
    {
        try
        {
            return HasOnlyDefaultProvider() && !IsConfigured() && Prepare() ? NewLibrary() : 0;
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

    private static nint NewLibrary()
    {
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
        *state = NativeProvider.State(_default);
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
