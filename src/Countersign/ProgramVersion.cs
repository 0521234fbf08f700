using Countersign.Native;
using Countersign.Proxy;

namespace Countersign;

/// <summary>What <c>-v</c>, <c>-V</c> and <c>-h</c> print, to standard error as nginx does.</summary>
internal static class ProgramVersion
{
    public const string Number = Signature.Version;
    /// <summary>The nginx whose language and decisions are kept.</summary>
    public const string Nginx = Signature.Nginx;

    public const string Line = $"countersign version: countersign/{Number}";

    /// <summary>Scripts look for <c>nginx/x.y.z</c> and for the modules in the configure arguments.</summary>
    public static string Long =>
        $"""
        nginx version: nginx/{Nginx} (countersign/{Number})
        built with {string.Join(' ', OpenSslLibrary.Version.Split(' ').Take(2))}
        TLS SNI support enabled
        configure arguments: --with-http_ssl_module {string.Join(' ', MissingModules.Select(module => $"--without-http_{module}_module"))}
        """;

    public const string Help =
        $"""
        {Line}
        Usage: countersign [-?hvVtTq] [-s signal] [-p prefix]
                           [-e filename] [-c filename] [-g directives]
               countersign demo [--stay] [--json]
               countersign explain [-c filename] --cert file [--server name]
               countersign probe host:port [--cert file] [--key file] [--json]
               countersign bundle file... [--crl file] [--fix] [--json]
               countersign tail [-c filename] [--json]
               countersign incident ID [-c filename] [--json]

        Options:
          -?,-h         : this help
          -v            : show version and exit
          -V            : show version and configure options then exit
          -t            : test configuration and exit
          -T            : test configuration, dump it and exit
          -q            : suppress non-error messages during configuration testing
          -s signal     : send signal to a master process: stop, quit, reopen, reload
          -p prefix     : set prefix path (default: {NginxArguments.DefaultPrefix})
          -e filename   : set error log file (default: stderr)
          -c filename   : set configuration file (default: {NginxArguments.DefaultFile})
          -g directives : set global directives out of configuration file
        """;

    private static readonly string[] MissingModules =
    [
        "charset", "gzip", "ssi", "mirror", "userid", "auth_basic", "autoindex", "geo", "referer", "fastcgi", "uwsgi", "scgi", "grpc",
        "memcached", "limit_conn", "limit_req", "empty_gif", "browser", "split_clients",
    ];
}
