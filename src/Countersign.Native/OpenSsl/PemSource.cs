using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>Reads what nginx reads from a path or a <c>data:</c> value, with its loops and its words for what failed.</summary>
internal static unsafe class PemSource
{
    public const string DataPrefix = "data:";

    /// <summary>The leaf first, then the rest of the chain. The caller owns the stack and the certificates.</summary>
    public static nint Chain(string source)
    {
        var bio = Open(source, "certificate");
        var stack = NativeCrypto.NewStack();
        var leaf = ReadTrusted(bio);
        if (leaf == 0)
        {
            throw Fail(source, "certificate", "PEM_read_bio_X509_AUX() failed", bio, stack);
        }
        Push(stack, leaf);
        while (true)
        {
            var next = ReadCertificate(bio);
            if (next != 0)
            {
                Push(stack, next);
            }
            else if (AtEnd())
            {
                return Finish(bio, stack);
            }
            else
            {
                throw Fail(source, "certificate", "PEM_read_bio_X509() failed", bio, stack);
            }
        }
    }

    /// <summary>Certificates to trust, at least one, TRUSTED CERTIFICATE blocks included.</summary>
    public static nint Authorities(string source)
    {
        var bio = Open(source, "certificate");
        var stack = NativeCrypto.NewStack();
        while (true)
        {
            var next = ReadTrusted(bio);
            if (next != 0)
            {
                Push(stack, next);
            }
            else if (NativeCrypto.Count(stack) > 0 && AtEnd())
            {
                return Finish(bio, stack);
            }
            else
            {
                throw Fail(source, "certificate", "PEM_read_bio_X509_AUX() failed", bio, stack);
            }
        }
    }

    /// <summary>At least one CRL.</summary>
    public static nint Crls(string source)
    {
        var bio = Open(source, "CRL");
        var stack = NativeCrypto.NewStack();
        while (true)
        {
            var next = ReadCrl(bio);
            if (next != 0)
            {
                Push(stack, next);
            }
            else if (NativeCrypto.Count(stack) > 0 && AtEnd())
            {
                return Finish(bio, stack);
            }
            else
            {
                var failure = Failure(source, "CRL", "PEM_read_bio_X509_CRL() failed");
                FreeCrls(stack);
                _ = NativeBio.Free(bio);
                throw failure;
            }
        }
    }

    public static nint Key(string source, IReadOnlyList<byte[]>? passwords) => Key(source, passwords, out _);

    /// <param name="isEncrypted">A password was asked for; not told when OpenSSL asks at the terminal.</param>
    public static nint Key(string source, IReadOnlyList<byte[]>? passwords, out bool isEncrypted)
    {
        isEncrypted = false;
        if (source.StartsWith("engine:", StringComparison.Ordinal) || source.StartsWith("store:", StringComparison.Ordinal))
        {
            var kind = source[..source.IndexOf(':', StringComparison.Ordinal)];
            throw new TlsConfigurationException(
                $"cannot load certificate key \"{source}\": loading \"{kind}:...\" certificate keys is not supported");
        }
        var bio = Open(source, "certificate key");
        try
        {
            if (passwords == null)
            {
                return Read(bio, null, null) is var plain and not 0 ? plain : throw Failure(source, "certificate key", "PEM_read_bio_PrivateKey() failed");
            }
            for (var i = 0; ; i++)
            {
                var key = Read(bio, i < passwords.Count ? passwords[i] : null, ref isEncrypted);
                if (key != 0)
                {
                    return key;
                }
                if (i + 1 >= passwords.Count)
                {
                    throw Failure(source, "certificate key", "PEM_read_bio_PrivateKey() failed");
                }
                NativeError.Clear();
                _ = NativeBio.Control(bio, NativeBio.CommandReset, 0, null);
            }
        }
        finally
        {
            _ = NativeBio.Free(bio);
        }
    }

    public static void FreeCertificates(nint stack)
    {
        for (var i = NativeCrypto.Count(stack) - 1; i >= 0; i--)
        {
            NativeX509.Free(NativeCrypto.Item(stack, i));
        }
        NativeCrypto.FreeStack(stack);
    }

    public static void FreeCrls(nint stack)
    {
        for (var i = NativeCrypto.Count(stack) - 1; i >= 0; i--)
        {
            NativeX509.FreeCrl(NativeCrypto.Item(stack, i));
        }
        NativeCrypto.FreeStack(stack);
    }

    private static nint Open(string source, string what)
    {
        NativeError.Clear();
        if (source.StartsWith(DataPrefix, StringComparison.Ordinal))
        {
            return Memory(System.Text.Encoding.UTF8.GetBytes(source[DataPrefix.Length..]), source, what);
        }
        if (PemFiles.TryGet(source, out var known))
        {
            return Memory(known, source, what);
        }
        fixed (byte* path = NativeText.Bytes(source), mode = "r\0"u8)
        {
            var file = NativeBio.File(path, mode);
            return file != 0 ? file : throw Failure(source, what, "BIO_new_file() failed");
        }
    }

    private static nint Memory(byte[] text, string source, string what)
    {
        // A read-only memory BIO would point into managed memory; a writable one keeps a copy.
        var bio = NativeBio.New(NativeBio.MemoryMethod());
        fixed (byte* start = text)
        {
            if (bio == 0 || (text.Length > 0 && NativeBio.Write(bio, start, text.Length) != text.Length))
            {
                throw Failure(source, what, "BIO_new_mem_buf() failed");
            }
        }
        // Without these a reset would drop the text, and the end would look like "try again".
        NativeBio.SetFlags(bio, NativeBio.FlagKeepOnReset);
        _ = NativeBio.Control(bio, NativeBio.CommandSetEndReturn, 0, null);
        return bio;
    }

    private static nint ReadCertificate(nint bio)
    {
        var certificate = NativeX509.New(TlsLibrary.Handle, null);
        return NativeX509.ReadPem(bio, &certificate, null, null) == 0 ? Unread(certificate) : certificate;
    }

    private static nint ReadTrusted(nint bio)
    {
        var certificate = NativeX509.New(TlsLibrary.Handle, null);
        return NativeX509.ReadPemAux(bio, &certificate, null, null) == 0 ? Unread(certificate) : certificate;
    }

    private static nint ReadCrl(nint bio)
    {
        var crl = NativeX509.NewCrl(TlsLibrary.Handle, null);
        if (NativeX509.ReadCrlPem(bio, &crl, null, null) == 0)
        {
            NativeX509.FreeCrl(crl);
            return 0;
        }
        return crl;
    }

    private static nint Unread(nint certificate)
    {
        NativeX509.Free(certificate);
        return 0;
    }

    private static nint Read(nint bio, byte[]? password, ref bool isEncrypted)
    {
        fixed (byte* bytes = password)
        {
            var asked = new PasswordRequest { Password = bytes, Length = password?.Length ?? 0 };
            var key = Read(bio, (delegate* unmanaged[Cdecl]<byte*, int, int, PasswordRequest*, int>)&GivePassword, &asked);
            isEncrypted |= asked.IsMade;
            return key;
        }
    }

    private static nint Read(nint bio, void* callback, void* argument)
    {
        using var library = TlsLibrary.InDefault();
        return NativeCrypto.ReadKeyPem(bio, null, callback, argument);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GivePassword(byte* buffer, int size, int writing, PasswordRequest* asked)
    {
        asked->IsMade = true;
        if (writing != 0 || asked->Password == null)
        {
            return 0;
        }
        var length = Math.Min(size, asked->Length);
        NativeMemory.Copy(asked->Password, buffer, (nuint)length);
        return length;
    }

    private static bool AtEnd()
    {
        var code = (uint)NativeError.PeekLast();
        var entry = new TlsErrorEntry(code, "", "");
        if (entry.Library != NativeError.LibraryPem || entry.Reason != NativeError.PemNoStartLine)
        {
            return false;
        }
        NativeError.Clear();
        return true;
    }

    private static void Push(nint stack, nint item)
    {
        if (stack == 0 || NativeCrypto.Push(stack, item) == 0)
        {
            throw new OutOfMemoryException("OPENSSL_sk_push() failed");
        }
    }

    private static nint Finish(nint bio, nint stack)
    {
        _ = NativeBio.Free(bio);
        return stack;
    }

    private static TlsConfigurationException Fail(string source, string what, string why, nint bio, nint stack)
    {
        var failure = Failure(source, what, why);
        FreeCertificates(stack);
        _ = NativeBio.Free(bio);
        return failure;
    }

    private static TlsConfigurationException Failure(string source, string what, string why) =>
        TlsConfigurationException.FromQueue($"cannot load {what} \"{source}\": {why}");

    private struct PasswordRequest
    {
        public byte* Password;
        public int Length;
        public bool IsMade;
    }
}
