namespace Countersign.Native;

/// <summary>ssl_conf_command and proxy_ssl_conf_command.</summary>
internal static unsafe class TlsConfCommands
{
    /// <summary>ngx_ssl_conf_commands. A value that OpenSSL takes for a path is meant from <paramref name="folder"/>.</summary>
    public static void Apply(nint context, IReadOnlyList<(string Name, string Value)> commands, string? folder)
    {
        if (commands.Count == 0)
        {
            return;
        }
        var configuration = New();
        try
        {
            NativeConf.SetContext(configuration, context);
            foreach (var (name, given) in commands)
            {
                var value = IsPath(configuration, name) && folder != null && !given.StartsWith('/') ? Path.Combine(folder, given) : given;
                fixed (byte* key = NativeText.Bytes(name), text = NativeText.Bytes(value))
                {
                    TlsContextSetup.Check(Math.Max(0, NativeConf.Command(configuration, key, text)), $"SSL_CONF_cmd(\"{name}\", \"{value}\") failed");
                }
            }
            TlsContextSetup.Check(NativeConf.Finish(configuration) == 1 ? 1 : 0, "SSL_CONF_finish() failed");
        }
        finally
        {
            NativeConf.Free(configuration);
        }
    }

    /// <summary>Whether OpenSSL is to read a file in the context's library: for keys and parameters it needs decoders that <see cref="TlsLibrary"/> leaves out.</summary>
    public static bool ReadFiles(IReadOnlyList<(string Name, string Value)> commands)
    {
        if (commands.Count == 0)
        {
            return false;
        }
        var configuration = New();
        try
        {
            return commands.Any(command => KindOf(configuration, command.Name) is NativeConf.ValueFile or NativeConf.ValueFolder or NativeConf.ValueStore);
        }
        finally
        {
            NativeConf.Free(configuration);
        }
    }

    private static nint New()
    {
        var configuration = NativeConf.New();
        _ = NativeConf.SetFlags(configuration, NativeConf.Flags);
        return configuration;
    }

    private static bool IsPath(nint configuration, string command) => KindOf(configuration, command) is NativeConf.ValueFile or NativeConf.ValueFolder;

    private static int KindOf(nint configuration, string command)
    {
        fixed (byte* name = NativeText.Bytes(command))
        {
            return NativeConf.ValueKind(configuration, name);
        }
    }
}
