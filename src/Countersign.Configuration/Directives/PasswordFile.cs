namespace Countersign.Configuration.Directives;

/// <summary>ssl_password_file and proxy_ssl_password_file: one pass phrase a line, tried in order.</summary>
internal static class PasswordFile
{
    public static void Bind(DirectiveCall call, Setting<IReadOnlyList<byte[]>?> setting)
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
            return;
        }
        var path = call.ConfigurationPath(call[1]);
        try
        {
            call.Scope.Set(setting, Lines(call.Session.Options.ReadFile(ByteText.ToUnicode(path))));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var reason = failure is FileNotFoundException or DirectoryNotFoundException ? "2: No such file or directory"
                : failure is UnauthorizedAccessException ? "13: Permission denied" : failure.Message;
            call.Fail("cannot-open-file", $"open() \"{path}\" failed ({reason})", 1);
        }
    }

    private static List<byte[]> Lines(byte[] content)
    {
        var lines = new List<byte[]>();
        foreach (var range in content.AsSpan().Split((byte)'\n'))
        {
            var line = content.AsSpan()[range];
            if (line is [.., (byte)'\r'])
            {
                line = line[..^1];
            }
            if (!line.IsEmpty)
            {
                lines.Add(line.ToArray());
            }
        }
        return lines;
    }
}
